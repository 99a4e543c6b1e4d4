import { blockedSentences } from "@redress/core/refunds/blockage";
import type { RefundDetail, RefundSummary } from "@redress/core/refunds/refund-view";
import type { RefundStatus } from "@redress/database";
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleMinus,
  CirclePause,
  CircleX,
  ClockFading,
  type LucideIcon,
  OctagonX,
  Replace,
  Send,
  TimerOff,
  TriangleAlert,
  Undo2,
} from "lucide-react";
import { needsSomeone, statusWords, type Word, waitsForPerson } from "./status-words.ts";

export { type Tone, waitsForPerson } from "./status-words.ts";

/** How a state is shown. */
export interface Look extends Word {
  readonly icon: LucideIcon;
}

/** One word, one colour and one shape for each status. */
export const statusLooks: Readonly<Record<RefundStatus, Look>> = {
  requested: { ...statusWords.requested, icon: CircleDashed },
  awaiting_approval: { ...statusWords.awaiting_approval, icon: CircleDashed },
  approved: { ...statusWords.approved, icon: CircleDot },
  executing: { ...statusWords.executing, icon: Send },
  pending: { ...statusWords.pending, icon: ClockFading },
  requires_action: { ...statusWords.requires_action, icon: TriangleAlert },
  succeeded: { ...statusWords.succeeded, icon: CircleCheck },
  failed: { ...statusWords.failed, icon: OctagonX },
  canceled: { ...statusWords.canceled, icon: CircleMinus },
  refused: { ...statusWords.refused, icon: Ban },
  blocked: { ...statusWords.blocked, icon: CirclePause },
  rejected: { ...statusWords.rejected, icon: CircleX },
  expired: { ...statusWords.expired, icon: TimerOff },
  withdrawn: { ...statusWords.withdrawn, icon: Undo2 },
  superseded: { ...statusWords.superseded, icon: Replace },
};

/** How a refund's state is shown; one that waits for a person does not look as if it went on by itself. */
export function lookOf(refund: Pick<RefundSummary, "status" | "outcomeUnknown" | "nextAttemptAt">) {
  return waitsForPerson(refund) ? { ...needsSomeone, icon: TriangleAlert } : statusLooks[refund.status];
}

/** Statuses that change by themselves: pages that show one look again. */
export const movingStatuses: readonly RefundStatus[] = ["requested", "approved", "executing", "pending"];

/** Stripe's `failure_reason`, for people. */
const failureReasons: Readonly<Record<string, string>> = {
  lost_or_stolen_card: "the card was reported lost or stolen",
  expired_or_canceled_card: "the card has expired or was canceled",
  charge_for_pending_refund_disputed: "the payment was disputed before the refund arrived",
  insufficient_funds: "the Stripe account did not have the money",
  declined: "the customer's bank declined it",
  merchant_request: "it was canceled at the account owner's request",
  unknown: "the bank gave no reason",
};

/**
 * What the status means for the customer and for the reader, in a sentence or two.
 *
 * @param readerId the operator who reads it
 */
export function describeStatus(refund: RefundDetail, readerId: string): string {
  switch (refund.status) {
    case "requested":
      return "Asked for; the app's policy judges it now.";
    case "awaiting_approval":
      return `Waits for ${refund.approverRole === "admin" ? "an admin to approve" : "somebody to decide"} it. Nothing has been sent to Stripe.`;
    case "approved":
      return "Approved; it goes to Stripe in a moment.";
    case "executing":
      if (waitsForPerson(refund)) {
        return "An equal refund was made at Stripe, and nothing says whether it is this one. Nothing more is sent until somebody has looked.";
      }
      return refund.attempts.some(({ outcome }) => outcome === "unknown")
        ? "Stripe's answer did not arrive, so the refund may exist. The same request is repeated until it is known; the customer can never be refunded twice by it."
        : "Being sent to Stripe.";
    case "pending":
      return refund.pendingReason === "insufficient_funds"
        ? "Refund started, but the Stripe account has too little money. Stripe sends it once the balance suffices: top it up in Stripe."
        : "Refund started; the bank usually needs 5–10 days.";
    case "requires_action":
      return "Stripe has written to the customer, who must say where the money goes.";
    case "succeeded":
      return refund.origin === "stripe"
        ? "Refunded outside Redress, in Stripe. Banks usually show the money within 5–10 days."
        : "Stripe has returned the money. Banks usually show it within 5–10 days.";
    case "failed": {
      const reason = failureReasons[refund.failureReason ?? "unknown"] ?? refund.failureReason;
      const back = `The money came back to the Stripe account: ${reason}.`;
      return refund.followedBy === null
        ? `${back} The customer has nothing from this refund: pay them in another way.`
        : `${back} Another refund was asked for since: look at that one before anybody is paid.`;
    }
    case "canceled":
      return "Canceled at Stripe before any money moved.";
    case "refused":
      return refund.refusedMessage ?? "Stripe said no, for good.";
    case "blocked":
      return refund.blockedCode ? blockedSentences[refund.blockedCode] : "It cannot run now.";
    case "rejected":
      if (refund.approval?.decidedBy.kind === "policy") {
        return `The app's policy refuses it: ${refund.approval.note ?? "no reason given"} Nothing was sent to Stripe.`;
      }
      return `${refund.approval?.decidedBy.id === readerId ? "You" : (refund.approval?.decidedBy.name ?? "A colleague")} decided against it. Nothing was sent to Stripe.`;
    case "expired":
      return "Nobody decided it within 14 days. Ask again if it is still due.";
    case "withdrawn":
      return "Taken back before anything was sent to Stripe.";
    case "superseded":
      return "Replaced by a new approval after Stripe kept answering with an error. It is never sent again.";
  }
}

/** What the app said that it has done about access: the newest message that is about it decides. */
export function changedAccess(refund: RefundDetail): "Access revoked" | "Access given back" | null {
  const done = refund.notifications.findLast(({ status, access }) => status === "done" && access !== "keep");
  if (!done) return null;
  return done.access === "revoke" ? "Access revoked" : "Access given back";
}

const accessSentences: Readonly<Record<RefundSummary["accessStatus"], string | null>> = {
  none: null,
  told: "The app was told, and has not said yet that access is changed.",
  done: null,
  declined: "The app declined to change the customer's access.",
  failed: "The app could not be reached: the customer's access was not changed.",
};

/** What became of the customer's access, or null when there was nothing to do. */
export function describeAccess(refund: RefundDetail): string | null {
  const changed = refund.accessStatus === "done" ? changedAccess(refund) : null;
  return changed ? `${changed}: the app says that it is done.` : accessSentences[refund.accessStatus];
}

/** The refund at Stripe that stopped the retries, because it may or may not be this one; null: none did. */
export function suspectOf(refund: RefundDetail): string | null {
  const last = refund.history.findLast(({ action }) => action === "refund_outcome_unknown");
  const suspect = last?.details.stripeRefundId;
  return waitsForPerson(refund) && typeof suspect === "string" ? suspect : null;
}
