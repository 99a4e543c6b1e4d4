export const refundStatuses = ["pending", "requires_action", "succeeded", "failed", "canceled"] as const;
export type RefundStatus = (typeof refundStatuses)[number];

/** Source: Stripe, refunds and failed refunds. `succeeded → failed` may come up to about 30 days later. */
const transitions: Record<RefundStatus, readonly RefundStatus[]> = {
  requires_action: ["pending", "canceled"],
  pending: ["succeeded", "failed", "canceled", "requires_action"],
  succeeded: ["failed"],
  failed: [],
  canceled: [],
};

/** Whether Stripe ever moves a refund from the one status to the other. */
export function canMove(from: RefundStatus, to: RefundStatus): boolean {
  return transitions[from].includes(to);
}

interface StatusAndAmount {
  readonly status: RefundStatus;
  readonly amount: number;
}

/** A refund that is dead gave its money back: it no longer counts against the charge. */
export function isDead(status: RefundStatus): boolean {
  return status === "failed" || status === "canceled";
}

/** Money promised to the customer: whatever is not dead counts against the ceiling, pending ones too. */
export function liveAmount(refunds: Iterable<StatusAndAmount>): number {
  let sum = 0;
  for (const refund of refunds) if (!isDead(refund.status)) sum += refund.amount;
  return sum;
}

/**
 * `charge.amount_refunded`. Whether a refund that waits counts there is not documented, hence the switch;
 * a dead one never does.
 */
export function refundedAmount(refunds: Iterable<StatusAndAmount>, waitingCounts: boolean): number {
  let sum = 0;
  for (const { status, amount } of refunds) {
    if (status === "succeeded" || (waitingCounts && !isDead(status))) sum += amount;
  }
  return sum;
}
