import type { RefundSummary } from "@redress/core/refunds/refund-view";
import type { RefundStatus } from "@redress/database";

export type Tone = "good" | "waiting" | "bad" | "moving" | "quiet";

/** How a state is said. */
export interface Word {
  readonly label: string;
  readonly tone: Tone;
}

/** One word and one colour for each status: all that a page without our icons needs. */
export const statusWords: Readonly<Record<RefundStatus, Word>> = {
  requested: { label: "Requested", tone: "moving" },
  awaiting_approval: { label: "Needs approval", tone: "waiting" },
  approved: { label: "Approved", tone: "moving" },
  executing: { label: "Asking Stripe", tone: "moving" },
  pending: { label: "On its way", tone: "moving" },
  requires_action: { label: "Customer must act", tone: "waiting" },
  succeeded: { label: "Refunded", tone: "good" },
  failed: { label: "Failed", tone: "bad" },
  canceled: { label: "Canceled", tone: "quiet" },
  refused: { label: "Refused", tone: "bad" },
  blocked: { label: "Blocked", tone: "waiting" },
  rejected: { label: "Rejected", tone: "quiet" },
  expired: { label: "Expired", tone: "quiet" },
  withdrawn: { label: "Withdrawn", tone: "quiet" },
  superseded: { label: "Replaced", tone: "quiet" },
};

/** For one that nobody asks Stripe about any more. */
export const needsSomeone: Word = { label: "Needs someone", tone: "waiting" };

/** While nobody asks Stripe any more: a person has to say first whether a refund found there is this one. */
export function waitsForPerson(
  refund: Pick<RefundSummary, "status" | "outcomeUnknown" | "nextAttemptAt">,
): boolean {
  return refund.status === "executing" && refund.outcomeUnknown && refund.nextAttemptAt === null;
}

/** How a refund's state is said; one that waits for a person does not read as if it went on by itself. */
export function wordOf(refund: Pick<RefundSummary, "status" | "outcomeUnknown" | "nextAttemptAt">): Word {
  return waitsForPerson(refund) ? needsSomeone : statusWords[refund.status];
}
