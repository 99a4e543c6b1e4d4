import { type EventDetail, showEvent } from "@redress/core/webhooks/show-event";
import type { Desk } from "../command.ts";
import { checkingInput } from "./usage-of.ts";

/** `events show`. */
export async function show(
  { dependencies, terminal }: Desk,
  eventId: string,
  { payload, json }: { payload: boolean; json: boolean },
): Promise<number> {
  const event = await checkingInput(dependencies, () =>
    showEvent(dependencies, { eventId, appIds: "all", payload }),
  );
  terminal.out.write(json ? `${JSON.stringify({ event }, null, 2)}\n` : textOf(event));
  return 0;
}

function textOf(event: EventDetail): string {
  const lines = [
    `${event.id}  ${event.type}`,
    field("state", [event.status, ...event.labels].join(", ")),
    field("account", `${event.accountId ?? "the platform's own"}${event.app ? ` (${event.app.slug})` : ""}`),
    field("mode", event.livemode ? "live" : "test"),
    field("version", event.apiVersion ?? "none"),
    field("happened", event.stripeCreatedAt.toISOString()),
    field("received", `${event.receivedAt.toISOString()}, ${wayOf(event)}`),
    ...(event.handledAt ? [field("handled", event.handledAt.toISOString())] : []),
    ...(event.attemptCount > 0 ? [field("failed", `${event.attemptCount} times`)] : []),
    ...(event.lastError === null ? [] : [field("error", event.lastError)]),
    field("about", aboutOf(event)),
    field("message", messageOf(event)),
    ...listed("changed", event.changes.map(changeOf)),
    ...listed("told", event.notifications.map(notificationOf)),
    ...(event.payload === undefined ? [] : [field("payload", ""), event.payload]),
  ];
  return `${lines.join("\n")}\n`;
}

const field = (name: string, text: string) => `  ${name.padEnd(9)} ${text}`.trimEnd();

function listed(name: string, items: readonly string[]): string[] {
  if (items.length === 0) return [field(name, "nothing")];
  return items.map((item, index) => field(index === 0 ? name : "", item));
}

function wayOf({ endpoint }: EventDetail): string {
  if (endpoint === "pulled") return "pulled from Stripe's list";
  return `signed for the ${endpoint} endpoint`;
}

function aboutOf({ subject, expungedAt }: EventDetail): string {
  if (subject === null) return "its body was removed";
  const { object, id, chargeId, status, amount, currency, changed, idempotencyKey } = subject;
  const money = amount === null || currency === null ? [] : [`${amount} ${currency} (smallest unit)`];
  return [
    `${object ?? "an object"} ${id ?? ""}`.trim(),
    ...(chargeId === null || chargeId === id ? [] : [`of ${chargeId}`]),
    ...(status === null ? [] : [status]),
    ...money,
    ...(changed.length === 0 ? [] : [`changed: ${changed.join(", ")}`]),
    ...(idempotencyKey === null ? [] : [`by the call under ${idempotencyKey}`]),
    ...(expungedAt === null ? [] : [`personal data removed ${expungedAt.toISOString()}`]),
  ].join("; ");
}

function messageOf({ message }: EventDetail): string {
  if (message === null) return "none: nothing handles it";
  const { id, sendCount, sendAt, completedAt, deadAt, lastError } = message;
  const why = lastError === null ? "" : `: ${lastError}`;
  const state =
    deadAt !== null
      ? `failed for good ${deadAt.toISOString()}${why}`
      : completedAt !== null
        ? `delivered ${completedAt.toISOString()}`
        : `next sending ${sendAt?.toISOString() ?? "never"}${why}`;
  return `${id}, sent ${sendCount} times; ${state}`;
}

function changeOf({
  at,
  action,
  actorKind,
  actorId,
  refundId,
  purchaseId,
  before,
  after,
}: EventDetail["changes"][number]): string {
  const moved =
    before?.status !== undefined && after?.status !== undefined ? ` ${before.status} → ${after.status}` : "";
  const subject = refundId ?? purchaseId;
  return `${at.toISOString()}  ${action}${moved}${subject === null ? "" : `  ${subject}`}  by ${actorKind} ${actorId}`;
}

function notificationOf(notification: EventDetail["notifications"][number]): string {
  const { id, type, access, status, attemptCount, refundId } = notification;
  return `${id}  ${type} (${refundId})  access: ${access}; ${status} after ${attemptCount} attempts`;
}
