import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import { nextPoll } from "./back-off.ts";
import { updateProgress } from "./change-refund.ts";
import type { SettleSource } from "./confirm-refund.ts";
import { lockRefund, type RefundRow } from "./refund-row.ts";
import { settleRefund } from "./settle-refund.ts";

const leaseMs = 60_000;

/**
 * Asks Stripe for the refund as it is now and settles it, under a lease so that a slower fetch of an
 * older state cannot overwrite it.
 *
 * @returns `busy` when another worker holds the lease, or Stripe did not answer: ask again later
 * @throws RedressError `refund_not_found`
 */
export async function refreshRefund(
  dependencies: Dependencies,
  input: { refundId: string; source: SettleSource; correlationId: string },
): Promise<{ changed: boolean; busy: boolean }> {
  const leased = await takeLease(dependencies, input.refundId);
  if (leased === "busy") return { changed: false, busy: true };
  if (leased === "nothing_to_fetch") return { changed: false, busy: false };
  const { row, lease } = leased;
  try {
    const stripeRefund = await retrieve(dependencies, leased);
    if (stripeRefund === null) return { changed: false, busy: true };
    const { changed } = await settleRefund(dependencies, {
      stripeRefund,
      accountId: row.stripeAccountId,
      source: input.source,
      correlationId: input.correlationId,
      fresh: true,
      lease,
    });
    return { changed, busy: false };
  } finally {
    await releaseLease(dependencies, row.id, lease);
  }
}

interface Leased {
  readonly row: RefundRow;
  readonly lease: Date;
  readonly stripeRefundId: string;
}

async function retrieve(dependencies: Dependencies, { row, stripeRefundId }: Leased): Promise<unknown> {
  try {
    return await dependencies.stripe.refunds.retrieve(
      stripeRefundId,
      {},
      { stripeAccount: row.stripeAccountId },
    );
  } catch (error) {
    const { kind, message } = classifyStripeError(error);
    dependencies.logger.warn(
      { refundId: row.id, stripeRefundId, kind, message },
      "Stripe did not tell the state of a refund. It is asked again later.",
    );
    return null;
  }
}

async function takeLease(
  dependencies: Dependencies,
  refundId: string,
): Promise<"busy" | "nothing_to_fetch" | Leased> {
  return dependencies.database.transaction(async (transaction) => {
    const { refund } = await lockRefund(transaction, refundId);
    const now = dependencies.clock.now();
    if (refund.stripeRefundId === null) return "nothing_to_fetch";
    if (refund.leaseUntil !== null && refund.leaseUntil > now) return "busy";
    const lease = new Date(now.getTime() + leaseMs);
    const row = await updateProgress(dependencies, transaction, refund, { leaseUntil: lease });
    return { row, lease, stripeRefundId: refund.stripeRefundId };
  });
}

async function releaseLease(dependencies: Dependencies, refundId: string, lease: Date): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const { refund } = await lockRefund(transaction, refundId);
    if (refund.leaseUntil?.getTime() !== lease.getTime()) return;
    const isOpen = refund.status === "pending" || refund.status === "requires_action";
    await updateProgress(dependencies, transaction, refund, {
      leaseUntil: null,
      nextAttemptAt: isOpen
        ? nextPoll({ now: dependencies.clock.now(), since: sentAt(refund) })
        : refund.nextAttemptAt,
    });
  });
}

/** An approval may take weeks: what was made today is asked about often, whenever it was asked for. */
function sentAt({ firstAttemptAt, requestedAt }: RefundRow): Date {
  return firstAttemptAt ?? requestedAt;
}
