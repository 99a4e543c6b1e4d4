import { listAlike } from "@redress/core/approvals/list-alike";
import { listAwaiting } from "@redress/core/approvals/list-awaiting";
import { readEndorsements } from "@redress/core/approvals/read-endorsements";
import { type BlockedCode, blockedSentences } from "@redress/core/refunds/blockage";
import { getRefund } from "@redress/core/refunds/get-refund";
import type { RefundSummary } from "@redress/core/refunds/refund-view";
import { ChevronDown, CirclePause, Inbox } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { AlikeGroups, DecidedTogether } from "../../../components/approvals/alike-groups.tsx";
import { TriageKeys } from "../../../components/approvals/triage-keys.tsx";
import { Customer } from "../../../components/customer.tsx";
import { customerName } from "../../../components/customer-name.ts";
import Link from "../../../components/link.tsx";
import { Money } from "../../../components/money.tsx";
import { Pager } from "../../../components/pager.tsx";
import {
  type ApprovalsSoFar,
  approvalsSentence,
  approvalsSoFar,
} from "../../../components/refunds/approvals-sentence.ts";
import { DecisionForm } from "../../../components/refunds/decision-form.tsx";
import { obstacles } from "../../../components/refunds/obstacles.ts";
import { reasonName } from "../../../components/refunds/reasons.ts";
import { ownRequestSentence } from "../../../components/refunds/refund-actions.tsx";
import { TakeBackForm } from "../../../components/refunds/refund-forms.tsx";
import { requesterName } from "../../../components/refunds/refund-table.tsx";
import { describeStatus, statusLooks } from "../../../components/refunds/status.ts";
import { Banner } from "../../../components/ui/banner.tsx";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { When } from "../../../components/when.tsx";
import { type OpenPage, openPage } from "../../../src/access/page.ts";
import { allows } from "../../../src/access/scope.ts";
import { readFrom, readSearch, type SearchParams } from "../../../src/http/search.ts";
import { blockedRequests } from "../../../src/reads/blocked-requests.ts";
import { countAwaiting } from "../../../src/reads/count-awaiting.ts";
import { ownRequests } from "../../../src/reads/own-requests.ts";

export const metadata: Metadata = { title: "Approvals" };

const text = z.string().max(500).optional().catch(undefined);
const count = z.coerce.number().int().min(0).max(1000).optional().catch(undefined);
const searchSchema = z.object({ decided: text, cursor: text, approved: count, endorsed: count, left: count });

export default async function ApprovalsPage({ searchParams }: { searchParams: SearchParams }) {
  const page = await openPage("refunds.decide");
  const { dependencies, scope, shown, operator } = page;
  const {
    decided,
    cursor,
    approved,
    endorsed: endorsedNow,
    left,
  } = await readSearch(searchParams, searchSchema);
  const { refunds, nextCursor } = await readFrom(cursor, (from) =>
    listAwaiting(dependencies, { appIds: shown, ...from }),
  );
  const refundIds = refunds.map(({ id }) => id);
  const [own, blocked, endorsed, alike, waiting, waitingIfNarrowed] = await Promise.all([
    ownRequests(dependencies, { operatorId: operator.id, refundIds }),
    blockedRequests(dependencies, refundIds),
    readEndorsements(dependencies.database, refundIds),
    listAlike(dependencies, { appIds: shown }),
    countAwaiting(dependencies, scope),
    // `narrow` gives the scope itself back where nothing is left out.
    shown === scope ? null : countAwaiting(dependencies, shown),
  ]);
  const waitingHere = waitingIfNarrowed ?? waiting;
  return (
    <>
      <PageHeader
        title="Approvals"
        description="Requests that an app’s policy leaves to a person wait here until one decides them."
      />
      {decided && <Decided page={page} refundId={decided} />}
      {approved !== undefined && (
        <DecidedTogether approved={approved} endorsed={endorsedNow ?? 0} left={left ?? 0} />
      )}
      {waiting > waitingHere && (
        <Banner tone="plain" className="mb-4">
          {waiting - waitingHere === 1 ? "1 more waits" : `${waiting - waitingHere} more wait`} in apps that
          are not shown: choose them at the left.
        </Banner>
      )}
      <AlikeGroups groups={alike} own={own} />
      {refunds.length > 0 && <TriageKeys decided={decided} />}
      {refunds.length > 0 ? (
        <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface shadow-(--shadow)">
          {refunds.map((refund) => (
            <Request
              key={refund.id}
              refund={refund}
              own={own.has(refund.id)}
              blockage={blocked.get(refund.id) ?? null}
              approvals={approvalsSoFar({
                status: refund.status,
                approversNeeded: refund.approversNeeded,
                endorsements: endorsed.get(refund.id) ?? [],
              })}
            />
          ))}
        </ul>
      ) : (
        <EmptyState icon={Inbox} title="Nothing waits for you">
          Requests that need a decision appear here.
        </EmptyState>
      )}
      <Pager path="/approvals" search={{ cursor }} nextCursor={nextCursor} />
    </>
  );
}

/** What became of the request that was just decided. */
async function Decided({ page, refundId }: { page: OpenPage; refundId: string }) {
  const refund = await getRefund(page.dependencies, { refundId }).catch(() => null);
  if (!refund || !allows(page.operator.grants, "refunds.read", refund.app.id)) return null;
  // An approval is looked at in a moment; what stands in its way is known now.
  const waiting = refund.status === "approved" || refund.status === "blocked";
  const blockage = waiting ? (await blockedRequests(page.dependencies, [refundId])).get(refundId) : undefined;
  return (
    <Banner
      tone={blockage ? "waiting" : refund.status === "rejected" ? "plain" : "good"}
      className="mb-4"
      title={
        <>
          {statusLooks[refund.status].label}: <Money amount={refund.amount} currency={refund.currency} /> to{" "}
          {customerName(refund)}
        </>
      }
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p>
          {blockage ? blockedSentences[blockage] : describeStatus(refund, page.operator.id)}{" "}
          <Link href={`/refunds/${refund.id}`} className="text-accent underline underline-offset-2">
            Follow it
          </Link>
        </p>
        {/* Nothing has happened yet: it still waits for others. */}
        {refund.status === "awaiting_approval" &&
          refund.endorsements.some(({ by }) => by.id === page.operator.id) && (
            <TakeBackForm refundId={refund.id} back="queue" />
          )}
      </div>
    </Banner>
  );
}

/** One request: a line that opens into what is needed to decide it. */
function Request({
  refund,
  own,
  blockage,
  approvals,
}: {
  refund: RefundSummary;
  own: boolean;
  blockage: BlockedCode | null;
  approvals: ApprovalsSoFar | null;
}) {
  return (
    <li>
      <details name="request" className="group" data-refund={refund.id}>
        <summary className="flex list-none items-center gap-3 px-4 py-3 hover:bg-sunken/60 [&::-webkit-details-marker]:hidden">
          <ChevronDown
            aria-hidden
            className="size-4 shrink-0 -rotate-90 text-ink-faint transition-transform group-open:rotate-0"
          />
          <span className="min-w-0 flex-1">
            <Customer name={refund.customerName} email={refund.customerEmail} />
            {approvals && (
              <span className="mt-0.5 block text-xs text-ink-faint">{approvalsSentence(approvals)}</span>
            )}
            {blockage && (
              <span className="mt-0.5 flex items-center gap-1 text-xs text-waiting">
                <CirclePause aria-hidden className="size-3.5" />
                {obstacles[blockage].mark}
              </span>
            )}
          </span>
          <span className="hidden min-w-0 flex-1 text-sm text-ink-soft sm:block">
            <span className="block truncate">{refund.productName ?? "—"}</span>
            <span className="block truncate text-xs text-ink-faint">{refund.app.name}</span>
          </span>
          <span className="hidden w-40 truncate text-xs text-ink-faint md:block">
            {requesterName(refund)}, <When at={refund.requestedAt} />
          </span>
          <Money
            amount={refund.amount}
            currency={refund.currency}
            className="w-24 text-right font-semibold"
          />
        </summary>
        <div className="grid gap-4 border-t border-line bg-canvas px-4 py-4 md:grid-cols-2 md:pl-11">
          <div className="grid content-start gap-2 text-sm">
            <p className="text-ink-soft">
              {requesterName(refund)} asked <When at={refund.requestedAt} />
              {refund.reason && <>: {reasonName(refund.reason).toLowerCase()}</>}.
              {refund.expiresAt && (
                <>
                  {" "}
                  Lapses <When at={refund.expiresAt} />.
                </>
              )}
            </p>
            {refund.note && (
              <p className="border-l-2 border-line-strong pl-3 whitespace-pre-wrap text-ink-soft [overflow-wrap:anywhere]">
                {refund.note}
              </p>
            )}
            <p className="flex gap-4">
              {refund.ticketUrl && (
                <a
                  href={refund.ticketUrl}
                  target="_blank"
                  rel="noopener noreferrer"
                  className="text-accent underline underline-offset-2"
                >
                  Ticket
                </a>
              )}
              <Link href={`/refunds/${refund.id}`} className="text-accent underline underline-offset-2">
                Request
              </Link>
              <Link
                href={`/purchases/${refund.purchaseId}`}
                className="text-accent underline underline-offset-2"
              >
                Purchase
              </Link>
            </p>
          </div>
          {own ? (
            <Banner tone="plain">{ownRequestSentence}</Banner>
          ) : (
            <DecisionForm
              refundId={refund.id}
              amount={refund.amount}
              currency={refund.currency}
              recipient={customerName(refund)}
              blockage={blockage}
              back="queue"
              approvals={approvals}
            />
          )}
        </div>
      </details>
    </li>
  );
}
