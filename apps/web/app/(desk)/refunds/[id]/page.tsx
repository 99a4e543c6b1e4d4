import { getRefund } from "@redress/core/refunds/get-refund";
import type { RefundDetail } from "@redress/core/refunds/refund-view";
import type { Metadata } from "next";
import { BackLink } from "../../../../components/back-link.tsx";
import { Breakable } from "../../../../components/breakable.tsx";
import { CopyButton, CopyText } from "../../../../components/copy-text.tsx";
import { customerName } from "../../../../components/customer-name.ts";
import Link from "../../../../components/link.tsx";
import { LiveRefresh } from "../../../../components/live-refresh.tsx";
import { Money } from "../../../../components/money.tsx";
import { approvalsSentence, approvalsSoFar } from "../../../../components/refunds/approvals-sentence.ts";
import { customerSentence } from "../../../../components/refunds/customer-sentence.ts";
import { feeSentence } from "../../../../components/refunds/fee-sentence.ts";
import { NextQuestion } from "../../../../components/refunds/next-question.tsx";
import { reasonName } from "../../../../components/refunds/reasons.ts";
import { RefundActions } from "../../../../components/refunds/refund-actions.tsx";
import { CommentForm } from "../../../../components/refunds/refund-forms.tsx";
import { requesterName } from "../../../../components/refunds/refund-table.tsx";
import { RunView } from "../../../../components/refunds/run-view.tsx";
import {
  describeAccess,
  describeStatus,
  lookOf,
  movingStatuses,
} from "../../../../components/refunds/status.ts";
import { StatusMark } from "../../../../components/refunds/status-mark.tsx";
import { actorName, Timeline } from "../../../../components/refunds/timeline.tsx";
import { toneClasses } from "../../../../components/refunds/tone-classes.ts";
import { Card, CardTitle, Properties, Property } from "../../../../components/ui/card.tsx";
import { PageHeader } from "../../../../components/ui/page.tsx";
import { When } from "../../../../components/when.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { readerZone } from "../../../../src/reader-zone.ts";

export const metadata: Metadata = { title: "Refund" };

export default async function RefundPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const { dependencies, operator } = await openPage("refunds.read", { refund: () => id });
  const refund = await getRefund(dependencies, { refundId: id });
  const moving = movingStatuses.includes(refund.status);
  const sentence = customerSentence(refund, await readerZone());
  return (
    <>
      {(moving || refund.accessStatus === "told") && <LiveRefresh everyMs={moving ? 2000 : 10_000} />}
      <BackLink href="/refunds">Refunds</BackLink>
      <PageHeader
        title={
          <>
            Refund to <Breakable text={refund.customerName ?? refund.customerEmail ?? "unknown customer"} />
          </>
        }
      >
        <div className="flex items-center gap-3">
          <StatusMark refund={refund} />
          <Money
            amount={refund.amount}
            currency={refund.currency}
            className="text-2xl font-semibold tracking-tight"
          />
        </div>
      </PageHeader>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid min-w-0 gap-5">
          <Situation refund={refund} readerId={operator.id} />
          <RefundActions dependencies={dependencies} operator={operator} refund={refund} />
          {sentence && (
            <Card>
              <CardTitle aside={<CopyButton text={sentence} label="what to write" />}>
                To the customer
              </CardTitle>
              <p className="px-4 py-3 text-sm text-ink-soft [overflow-wrap:anywhere]">{sentence}</p>
            </Card>
          )}
          {refund.origin === "redress" && (
            <Card>
              <CardTitle>Run</CardTitle>
              <RunView refund={refund} now={dependencies.clock.now()} />
            </Card>
          )}
          <Card>
            <CardTitle>History</CardTitle>
            <Timeline refund={refund} />
            <CommentForm refundId={refund.id} />
          </Card>
        </div>
        <RefundProperties refund={refund} />
      </div>
    </>
  );
}

/** Where the refund stands, in sentences: status, next question to Stripe, the customer's access. */
function Situation({ refund, readerId }: { refund: RefundDetail; readerId: string }) {
  const { tone, icon: Icon } = lookOf(refund);
  const access = describeAccess(refund);
  const approvals = approvalsSoFar(refund);
  return (
    <div className={`flex gap-3 rounded-lg px-4 py-3 ${toneClasses[tone]}`} data-situation={refund.status}>
      <Icon aria-hidden className="mt-0.5 size-4.5 shrink-0" />
      <div className="min-w-0 text-sm text-ink [overflow-wrap:anywhere]">
        <p className="font-medium">{describeStatus(refund, readerId)}</p>
        {refund.status === "executing" && refund.nextAttemptAt && (
          <p className="mt-0.5 text-ink-soft">
            Asking Stripe — <NextQuestion refund={refund} />.
          </p>
        )}
        {refund.status === "awaiting_approval" && refund.expiresAt && (
          <p className="mt-0.5 text-ink-soft">
            Lapses <When at={refund.expiresAt} /> if nobody decides.
          </p>
        )}
        {approvals && <p className="mt-0.5 text-ink-soft">{approvalsSentence(approvals)}</p>}
        {access && <p className="mt-0.5 text-ink-soft">{access}</p>}
      </div>
    </div>
  );
}

function RefundProperties({ refund }: { refund: RefundDetail }) {
  const verdict = refund.verdicts.at(-1);
  const ids = [
    ["Stripe refund", refund.stripeRefundId],
    ["Bank reference", refund.bankReference],
    ["Charge", refund.stripeChargeId],
    ["Stripe account", refund.stripeAccountId],
    ["Redress id", refund.id],
    ["Idempotency key", refund.idempotencyKey],
  ] as const;
  return (
    <Card>
      <CardTitle>Refund</CardTitle>
      <Properties>
        <Property name="Purchase">
          <Link href={`/purchases/${refund.purchaseId}`} className="text-accent underline underline-offset-2">
            {refund.productName ?? customerName(refund)}
          </Link>
        </Property>
        {refund.customerEmail && (
          <Property name="E-mail">
            <CopyText text={refund.customerEmail} label="e-mail address" />
          </Property>
        )}
        <Property name="App">{refund.app.name}</Property>
        {refund.reason && <Property name="Reason">{reasonName(refund.reason)}</Property>}
        <Property name="Requested by">
          {requesterName(refund)}, <When at={refund.requestedAt} />
        </Property>
        {refund.ticketUrl && (
          <Property name="Ticket">
            <a
              href={refund.ticketUrl}
              target="_blank"
              rel="noopener noreferrer"
              className="text-accent underline underline-offset-2 [overflow-wrap:anywhere]"
            >
              {new URL(refund.ticketUrl).host}
            </a>
          </Property>
        )}
        {refund.applicationFee && (
          <Property name="Application fee">{feeSentence(refund.applicationFee)}</Property>
        )}
        {verdict && <Property name="Policy">{verdict.explanation}</Property>}
        {refund.approval && (
          <Property name={refund.approval.decision === "approved" ? "Approved by" : "Rejected by"}>
            {refund.approval.decision === "approved" &&
              refund.endorsements.map(({ by, at }) => (
                <span key={by.id} className="block">
                  {actorName(by)}, <When at={at} />
                </span>
              ))}
            {actorName(refund.approval.decidedBy)}, <When at={refund.approval.decidedAt} />
            {refund.approval.selfApproved && (
              <span className="block text-waiting">Approved their own request</span>
            )}
          </Property>
        )}
        {refund.settledAt && (
          <Property name="Settled">
            <When at={refund.settledAt} />
          </Property>
        )}
        {ids.map(([name, text]) =>
          text ? (
            <Property key={name} name={name}>
              <CopyText text={text} label={name} />
            </Property>
          ) : null,
        )}
      </Properties>
    </Card>
  );
}
