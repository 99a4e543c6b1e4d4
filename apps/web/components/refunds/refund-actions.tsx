import type { Dependencies } from "@redress/core/dependencies";
import { isErrorKept } from "@redress/core/refunds/kept-error";
import type { RefundDetail } from "@redress/core/refunds/refund-view";
import { canTransition } from "@redress/core/refunds/transitions";
import type { SignedIn } from "../../src/access/operator.ts";
import { allows } from "../../src/access/scope.ts";
import { blockedRequests } from "../../src/reads/blocked-requests.ts";
import { ownRequests } from "../../src/reads/own-requests.ts";
import { customerName } from "../customer-name.ts";
import { Banner } from "../ui/banner.tsx";
import { Card, CardTitle } from "../ui/card.tsx";
import { approvalsSoFar } from "./approvals-sentence.ts";
import { DecisionForm } from "./decision-form.tsx";
import { AttributeForm, ResendForm, SupersedeForm, TakeBackForm, WithdrawForm } from "./refund-forms.tsx";
import { suspectOf } from "./status.ts";

export const ownRequestSentence =
  "You asked for this, so a colleague must decide it: nobody approves their own request, or their agent’s.";

/** What this operator can do about the refund now; nothing where nothing can be done. */
export async function RefundActions({
  dependencies,
  operator,
  refund,
}: {
  dependencies: Dependencies;
  operator: SignedIn;
  refund: RefundDetail;
}) {
  const waiting = refund.status === "awaiting_approval";
  const decides = waiting && allows(operator.grants, "refunds.decide", refund.app.id);
  const withdraws =
    canTransition(refund.status, "withdrawn") &&
    !refund.outcomeUnknown &&
    allows(operator.grants, "refunds.withdraw", refund.app.id);
  const own = decides
    ? await ownRequests(dependencies, { operatorId: operator.id, refundIds: [refund.id] })
    : new Set();
  const blocked = await blockedRequests(dependencies, decides ? [refund.id] : []);
  const suspect = suspectOf(refund);
  const stuck = refund.status === "executing" && refund.outcomeUnknown && isErrorKept(refund.attempts);
  const replaces = stuck && allows(operator.grants, "refunds.decide", refund.app.id);
  const unreached = refund.notifications.findLast(({ status }) => status === "dead");
  return (
    <>
      {decides && own.has(refund.id) && <Banner tone="plain">{ownRequestSentence}</Banner>}
      {decides && !own.has(refund.id) && (
        <Card>
          <CardTitle>Decide</CardTitle>
          <div className="p-4">
            <DecisionForm
              refundId={refund.id}
              amount={refund.amount}
              currency={refund.currency}
              recipient={customerName(refund)}
              blockage={blocked.get(refund.id) ?? null}
              back="refund"
              approvals={approvalsSoFar(refund)}
            />
          </div>
        </Card>
      )}
      {decides && refund.endorsements.some(({ by }) => by.id === operator.id) && (
        <div className="flex justify-end">
          <TakeBackForm refundId={refund.id} />
        </div>
      )}
      {suspect && allows(operator.grants, "refunds.decide", refund.app.id) && (
        <Card>
          <CardTitle>Whose refund is it?</CardTitle>
          <AttributeForm refundId={refund.id} stripeRefundId={suspect} />
        </Card>
      )}
      {replaces && (
        <Card>
          <CardTitle>Do not wait for Stripe</CardTitle>
          <SupersedeForm refundId={refund.id} />
        </Card>
      )}
      {unreached && allows(operator.grants, "apps.manage", refund.app.id) && (
        <Banner tone="bad" title="The app was not reached for days, so the customer’s access is as it was.">
          <p className="mb-2">
            Check its notification address under Integrations, then send the message again.
          </p>
          <ResendForm refundId={refund.id} notificationId={unreached.id} />
        </Banner>
      )}
      {withdraws && (!decides || own.has(refund.id)) && (
        <div className="flex justify-end">
          <WithdrawForm refundId={refund.id} />
        </div>
      )}
    </>
  );
}
