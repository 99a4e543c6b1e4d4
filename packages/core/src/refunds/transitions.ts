import type { RefundStatus } from "@redress/database";

/**
 * A refund's life. The database holds the same table (`refund_transition_allowed`); a test compares them.
 * What Stripe reports is taken from here too, so that no order or repetition of messages matters:
 * `failed` and `canceled` absorb, `succeeded` yields only to `failed`.
 */
const transitions: Readonly<Record<RefundStatus, readonly RefundStatus[]>> = {
  requested: ["awaiting_approval", "approved", "rejected", "withdrawn"],
  awaiting_approval: ["approved", "rejected", "expired", "withdrawn"],
  approved: ["awaiting_approval", "executing", "blocked", "refused", "withdrawn"],
  executing: [
    "pending",
    "requires_action",
    "succeeded",
    "failed",
    "canceled",
    "refused",
    "blocked",
    "superseded",
  ],
  blocked: [
    "awaiting_approval",
    "approved",
    "refused",
    "withdrawn",
    "pending",
    "requires_action",
    "succeeded",
    "failed",
    "canceled",
  ],
  pending: ["requires_action", "succeeded", "failed", "canceled"],
  requires_action: ["pending", "succeeded", "failed", "canceled"],
  succeeded: ["failed"],
  superseded: ["pending", "requires_action", "succeeded", "failed", "canceled"],
  failed: [],
  canceled: [],
  refused: [],
  rejected: [],
  expired: [],
  withdrawn: [],
};

/** Whether a refund may go from one status to the other. Staying is not a transition. */
export function canTransition(from: RefundStatus, to: RefundStatus): boolean {
  return transitions[from].includes(to);
}
