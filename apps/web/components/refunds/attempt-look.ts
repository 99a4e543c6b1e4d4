import type { RefundAttemptView } from "@redress/core/refunds/refund-view";
import type { Tone } from "./status.ts";

const outcomes: Readonly<Record<NonNullable<RefundAttemptView["outcome"]>, { tone: Tone; words: string }>> = {
  accepted: { tone: "good", words: "accepted" },
  refused: { tone: "bad", words: "refused" },
  already_refunded: { tone: "waiting", words: "already refunded" },
  disputed: { tone: "waiting", words: "disputed" },
  no_access: { tone: "bad", words: "no access to the account" },
  later: { tone: "waiting", words: "asked to try later" },
  unknown: { tone: "waiting", words: "no usable answer" },
};

/** What came of a call to Stripe, in a word. */
export function attemptLook({ outcome, finishedAt }: RefundAttemptView): { tone: Tone; words: string } {
  if (outcome) return outcomes[outcome];
  return finishedAt ? { tone: "quiet", words: "unfinished" } : { tone: "moving", words: "under way" };
}
