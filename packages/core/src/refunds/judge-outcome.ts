import { raiseAlert } from "../alerts.ts";
import { confirmNoAccess } from "../connect/confirm-access.ts";
import type { Dependencies } from "../dependencies.ts";
import type { StripeOutcome } from "../stripe/classify-error.ts";
import { nextAttempt } from "./back-off.ts";
import type { Attempt } from "./begin-attempt.ts";
import type { BlockedCode } from "./blockage.ts";
import type { CreateOutcome } from "./create-at-stripe.ts";
import type { DisputeFacts } from "./dispute-facts.ts";
import { type LookUp, lookUpRefund } from "./look-up-refund.ts";
import { readDispute } from "./read-dispute.ts";
import { readApp } from "./refund-row.ts";

/** What becomes of the row after a call. */
export type Verdict =
  | { readonly kind: "settle"; readonly stripeRefund: unknown }
  | { readonly kind: "refuse"; readonly code: string; readonly message: string }
  | {
      readonly kind: "block";
      readonly code: BlockedCode;
      readonly dispute?: DisputeFacts;
      readonly lostConnection?: LostConnection;
    }
  /** The same key again at that time; `null` waits for a person. */
  | {
      readonly kind: "wait";
      readonly until: Date | null;
      readonly outcomeUnknown: boolean;
      readonly reason: string;
      /** The refund that a person has to look at. */
      readonly suspect?: string;
      readonly lostConnection?: LostConnection;
    };

/** A connection that is confirmed to be lost; a newer one of the same account is not meant. */
export interface LostConnection {
  readonly connectedAt: Date;
}

type Refusal = Extract<StripeOutcome, { kind: "refused" | "already_refunded" | "disputed" }>;

/**
 * Says what an outcome means for the refund, asking Stripe again where the answer alone does not tell.
 * Nothing is written here but foreign refunds that turn up.
 */
export async function judgeOutcome(
  dependencies: Dependencies,
  input: { attempt: Attempt; outcome: CreateOutcome; correlationId: string },
): Promise<Verdict> {
  const { attempt, outcome } = input;
  const { earlierUnknown } = attempt;
  switch (outcome.kind) {
    case "accepted":
      return outcome.replayed
        ? judgeReplay(dependencies, attempt, outcome.stripeRefund)
        : { kind: "settle", stripeRefund: outcome.stripeRefund };
    case "refused":
    case "already_refunded":
    case "disputed":
      return judgeRefusal(dependencies, { ...input, outcome });
    case "no_access":
      return judgeNoAccess(dependencies, attempt);
    case "later":
      return wait(dependencies, attempt, {
        // 409: a call with our key is under way somewhere.
        outcomeUnknown: earlierUnknown || outcome.httpStatus === 409,
        reason: outcome.stripeCode ?? "try_later",
        atLeastMs: outcome.retryAfterMs,
      });
    case "unknown":
      return wait(dependencies, attempt, { outcomeUnknown: true, reason: outcome.reason });
  }
}

/** A replay tells how the refund was when it was made (Stripe: idempotent requests), so it is fetched. */
async function judgeReplay(
  dependencies: Dependencies,
  attempt: Attempt,
  { id }: { id: string },
): Promise<Verdict> {
  const { stripeAccountId: stripeAccount } = attempt.refund;
  try {
    const stripeRefund = await dependencies.stripe.refunds.retrieve(id, {}, { stripeAccount });
    return { kind: "settle", stripeRefund };
  } catch {
    return wait(dependencies, attempt, { outcomeUnknown: true, reason: "look_up_failed" });
  }
}

async function judgeRefusal(
  dependencies: Dependencies,
  input: { attempt: Attempt; outcome: Refusal; correlationId: string },
): Promise<Verdict> {
  const { attempt, outcome } = input;
  const { refund, earlierUnknown } = attempt;
  // Access is checked before the key is looked up: this says nothing about the call before it.
  if (outcome.httpStatus === 403 && earlierUnknown) {
    return wait(dependencies, attempt, { outcomeUnknown: true, reason: "not_authorized_to_refund" });
  }
  const mayBeOurs =
    earlierUnknown ||
    outcome.kind === "already_refunded" ||
    (outcome.kind === "refused" && outcome.code === "amount_exceeds_remaining");
  if (mayBeOurs) {
    const found = await lookUpRefund(dependencies, refund, input.correlationId);
    if (found.kind === "found") return { kind: "settle", stripeRefund: found.stripeRefund };
    if (found.kind === "failed") {
      return wait(dependencies, attempt, { outcomeUnknown: earlierUnknown, reason: "look_up_failed" });
    }
  }
  if (outcome.kind === "disputed") return judgeDispute(dependencies, attempt, outcome);
  const code = outcome.kind === "already_refunded" ? "already_refunded" : outcome.code;
  return { kind: "refuse", code, message: sentenceOf(code, outcome) };
}

function sentenceOf(code: string, outcome: Refusal): string {
  return code === "not_authorized_to_refund" ? "Not authorized to refund this account" : outcome.message;
}

async function judgeDispute(
  dependencies: Dependencies,
  attempt: Attempt,
  outcome: Refusal,
): Promise<Verdict> {
  const dispute = await readDispute(dependencies, attempt.refund);
  if (dispute === "none" || dispute === "unknown") return { kind: "block", code: "dispute_open" };
  if (dispute.status === "lost") {
    return { kind: "refuse", code: "dispute_lost", message: outcome.message };
  }
  return { kind: "block", code: "dispute_open", dispute };
}

async function judgeNoAccess(dependencies: Dependencies, attempt: Attempt): Promise<Verdict> {
  const { refund, earlierUnknown } = attempt;
  const { connectedAt } = await readApp(dependencies.database, refund.appId);
  const access = await confirmNoAccess(dependencies, { accountId: refund.stripeAccountId });
  const lost = access === "lost" && connectedAt !== null ? { lostConnection: { connectedAt } } : {};
  if (access === "lost" && !earlierUnknown) return { kind: "block", code: "account_disconnected", ...lost };
  if (access === "platform_key_at_fault") {
    raiseAlert(
      dependencies,
      "platform_key_at_fault",
      { refundId: refund.id, stripeAccountId: refund.stripeAccountId },
      "The platform's Stripe key cannot reach any account. No app is disconnected; check STRIPE_SECRET_KEY.",
    );
  }
  return wait(dependencies, attempt, {
    outcomeUnknown: earlierUnknown,
    reason: `no_access_${access}`,
    ...lost,
  });
}

/** What an empty or failed look-up means before a late attempt. */
export async function judgeLookUp(
  dependencies: Dependencies,
  attempt: Attempt,
  found: Exclude<LookUp, { kind: "found" }>,
): Promise<Verdict> {
  const { stripeAccountId, id: refundId } = attempt.refund;
  if (found.kind === "unclear") {
    raiseAlert(
      dependencies,
      "refund_unattributed",
      { refundId, stripeAccountId, stripeRefundId: found.stripeRefundId },
      "An equal refund was made at Stripe that cannot be attributed. Retries stop until a person has looked.",
    );
    const suspect = found.stripeRefundId;
    return { kind: "wait", until: null, outcomeUnknown: true, reason: "equal_refund_unattributed", suspect };
  }
  if (found.kind === "failed" && found.outcome.kind === "no_access") {
    return judgeNoAccess(dependencies, attempt);
  }
  return wait(dependencies, attempt, {
    outcomeUnknown: attempt.earlierUnknown,
    reason: found.kind === "failed" ? "look_up_failed" : "not_sent_again_now",
  });
}

function wait(
  dependencies: Pick<Dependencies, "clock" | "random">,
  attempt: Attempt,
  options: {
    outcomeUnknown: boolean;
    reason: string;
    atLeastMs?: number | null;
    lostConnection?: LostConnection;
  },
): Verdict {
  const { atLeastMs, ...verdict } = options;
  const until = nextAttempt(dependencies.random, {
    now: dependencies.clock.now(),
    attemptCount: attempt.refund.attemptCount,
    atLeastMs: atLeastMs ?? null,
  });
  return { kind: "wait", until, ...verdict };
}
