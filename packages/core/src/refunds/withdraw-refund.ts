import type { Requester } from "../actor.ts";
import { revokeApproval } from "../approvals/record-approval.ts";
import { hashPersonal } from "../audit/hash-personal.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { changeRefund } from "./change-refund.ts";
import { getRefund } from "./get-refund.ts";
import { lockRefund, type RefundRow } from "./refund-row.ts";
import type { RefundDetail } from "./refund-view.ts";
import { canTransition } from "./transitions.ts";

/**
 * Takes a request back, as long as Stripe cannot have it. Whether the actor may is judged by the caller, but
 * an agent takes back only what it asked for itself. Withdrawing twice is no error.
 *
 * @throws RedressError `refund_not_found`; `permission_denied`; `outcome_unknown` once a call to Stripe may have happened;
 *   `already_decided` when there is nothing left to take back
 */
export async function withdrawRefund(
  dependencies: Dependencies,
  input: { refundId: string; actor: Requester; note?: string | undefined; correlationId: string },
): Promise<RefundDetail> {
  await dependencies.database.transaction(async (transaction) => {
    const { purchase, refund } = await lockRefund(transaction, input.refundId);
    requireOwn(refund, input.actor);
    if (refund.status === "withdrawn") return;
    if (refund.status === "executing" || refund.outcomeUnknown) {
      throw new RedressError(
        "outcome_unknown",
        "This refund is on its way to Stripe, so it cannot be taken back. Wait until its outcome is known.",
      );
    }
    if (!canTransition(refund.status, "withdrawn")) {
      throw new RedressError(
        "already_decided",
        `This refund is ${refund.status.replaceAll("_", " ")}: it cannot be taken back any more.`,
        { details: { status: refund.status } },
      );
    }
    await revokeApproval(dependencies, transaction, refund);
    await changeRefund(dependencies, transaction, {
      refund,
      to: "withdrawn",
      set: { expiresAt: null, nextAttemptAt: null },
      actor: input.actor,
      action: "refund_withdrawn",
      correlationId: input.correlationId,
      ...(input.note === undefined
        ? {}
        : { details: { noteHash: hashPersonal(purchase.personalSalt, input.note) } }),
    });
  });
  dependencies.wakeOutbox();
  return getRefund(dependencies, { refundId: input.refundId });
}

/** @throws RedressError `permission_denied` */
function requireOwn(refund: RefundRow, actor: Requester): void {
  if (actor.kind !== "agent" || refund.requestedById === actor.id) return;
  throw new RedressError(
    "permission_denied",
    "An agent takes back only what its own key asked for. A person has to withdraw this request.",
  );
}
