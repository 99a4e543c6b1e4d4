import type {
  RefundAttemptView,
  RefundDetail,
  RefundHistoryEntry,
  RefundNotificationView,
} from "@redress/core/refunds/refund-view";
import { z } from "zod";
import { attemptLook } from "./attempt-look.ts";
import type { Tone } from "./status.ts";

/** One stretch of a refund's run: a call, or a wait for somebody. */
export interface RunSpan {
  readonly key: string;
  readonly label: string;
  readonly tone: Tone;
  /** A wait for somebody is hatched; a call is not. */
  readonly isWait: boolean;
  readonly from: Date;
  /** Null: it lasts still. */
  readonly to: Date | null;
  readonly facts: readonly string[];
  readonly ids: readonly (readonly [name: string, id: string])[];
}

/** What a refund went through, in order: decision, each call to Stripe, the bank, Stripe's word, the app. */
export function runSpans(refund: RefundDetail): RunSpan[] {
  return [
    ...decisionSpan(refund),
    ...refund.attempts.map(attemptSpan),
    ...bankSpan(refund),
    ...refund.history.flatMap(webhookSpan),
    ...refund.notifications.flatMap(notificationSpans),
  ].sort((one, other) => one.from.getTime() - other.from.getTime());
}

function decisionSpan({ approval, requestedAt, status, origin, verdicts }: RefundDetail): RunSpan[] {
  if (origin === "stripe" || (approval === null && status !== "awaiting_approval")) return [];
  const byPolicy = approval?.decidedBy.kind === "policy";
  const decided = approval?.decision === "rejected" ? "rejected" : "approved";
  return [
    {
      key: "decision",
      label:
        approval === null ? "Waits for a decision" : byPolicy ? `Policy: ${decided}` : `Decision: ${decided}`,
      tone: approval === null ? "waiting" : decided === "approved" ? "good" : "quiet",
      isWait: !byPolicy,
      from: requestedAt,
      to: approval?.decidedAt ?? null,
      facts: verdicts.slice(-1).map(({ explanation }) => explanation),
      ids: approval ? [["Approval", approval.id]] : [],
    },
  ];
}

function attemptSpan(attempt: RefundAttemptView): RunSpan {
  const { tone, words } = attemptLook(attempt);
  return {
    key: `attempt-${attempt.number}`,
    label: `Stripe, try ${attempt.number}: ${words}`,
    tone,
    isWait: false,
    from: attempt.startedAt,
    to: attempt.finishedAt,
    facts: [
      attempt.kind === "create" ? "Asked to refund" : "Asked whether the refund exists",
      ...(attempt.httpStatus ? [`HTTP ${attempt.httpStatus}`] : []),
      ...(attempt.errorCode ? [attempt.errorCode] : []),
      ...(attempt.errorMessage ? [attempt.errorMessage] : []),
      ...(attempt.replayed ? ["Stripe repeated its stored answer"] : []),
    ],
    ids: attempt.stripeRequestId ? [["Stripe request", attempt.stripeRequestId]] : [],
  };
}

/** From Stripe's yes until the money had moved, where that was not at once. */
function bankSpan({ attempts, settledAt, status, bankReference, stripeRefundId }: RefundDetail): RunSpan[] {
  const accepted = attempts.findLast(({ outcome }) => outcome === "accepted")?.finishedAt;
  const isOpen = status === "pending" || status === "requires_action";
  if (!accepted || (!isOpen && (settledAt === null || settledAt <= accepted))) return [];
  return [
    {
      key: "bank",
      label: isOpen ? "Stripe and bank pay" : "Stripe and bank paid",
      tone: isOpen ? "moving" : status === "failed" ? "bad" : "good",
      isWait: true,
      from: accepted,
      to: isOpen ? null : settledAt,
      facts: [],
      ids: [
        ...(stripeRefundId ? [["Stripe refund", stripeRefundId] as const] : []),
        ...(bankReference ? [["Bank reference", bankReference] as const] : []),
      ],
    },
  ];
}

const confirmed = z.object({
  source: z.literal("stripe_webhook"),
  status: z.string().catch(""),
  stripeRefundId: z.string().optional().catch(undefined),
});

function webhookSpan(entry: RefundHistoryEntry, index: number): RunSpan[] {
  if (entry.action !== "refund_confirmed") return [];
  const { data } = confirmed.safeParse(entry.details);
  if (!data) return [];
  return [
    {
      key: `webhook-${index}`,
      label: `Webhook: ${data.status.replaceAll("_", " ")}`,
      tone: "good",
      isWait: false,
      from: entry.at,
      to: entry.at,
      facts: [],
      ids: data.stripeRefundId ? [["Stripe refund", data.stripeRefundId]] : [],
    },
  ];
}

function notificationSpans(notification: RefundNotificationView): RunSpan[] {
  const told = notification.deliveries.map((delivery): RunSpan => {
    const taken = delivery.httpStatus !== null && delivery.httpStatus >= 200 && delivery.httpStatus < 300;
    return {
      key: delivery.id,
      label: `App told, try ${delivery.number}`,
      tone: taken ? "good" : delivery.finishedAt ? "waiting" : "moving",
      isWait: false,
      from: delivery.startedAt,
      to: delivery.finishedAt,
      facts: [
        ...(delivery.httpStatus ? [`HTTP ${delivery.httpStatus}`] : []),
        ...(delivery.errorCode ? [delivery.errorCode.replaceAll("_", " ")] : []),
      ],
      ids: [["Notification", notification.id]],
    };
  });
  const { receivedAt, doneAt, access } = notification;
  if (receivedAt === null || access === "keep") return told;
  const change = access === "revoke" ? "revoke access" : "give access back";
  const done = access === "revoke" ? "App revoked access" : "App gave access back";
  const isOpen = doneAt === null;
  return [
    ...told,
    {
      key: `done-${notification.id}`,
      label: isOpen ? `App is to ${change}` : done,
      tone: isOpen ? "waiting" : "good",
      isWait: true,
      from: receivedAt,
      to: doneAt,
      facts: [],
      ids: [["Notification", notification.id]],
    },
  ];
}

/**
 * Where moments stand on a line from 0 to 1. Calls take milliseconds and waits take days, so a stretch is as wide as
 * the logarithm of its time: order and overlap are true, lengths are written beside.
 */
export function runAxis(spans: readonly RunSpan[], now: Date): (at: Date | null) => number {
  const moments = [
    ...new Set(spans.flatMap(({ from, to }) => [from, to ?? now].map((at) => at.getTime()))),
  ].sort((one, other) => one - other);
  let width = 0;
  const places = new Map<number, number>();
  for (const [index, at] of moments.entries()) {
    width += index === 0 ? 0 : Math.log2(1 + (at - (moments[index - 1] ?? at)) / 50);
    places.set(at, width);
  }
  return (at) => (places.get((at ?? now).getTime()) ?? 0) / (width || 1);
}

/** "240 ms", "3.2 s", "4 min", "2 h 5 min", "3 d 4 h". */
export function lengthInWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}
