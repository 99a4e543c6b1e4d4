import { listAwaiting } from "@redress/core/approvals/list-awaiting";
import { listAudit } from "@redress/core/audit/list-audit";
import { listDeliveries } from "@redress/core/notifications/list-deliveries";
import { listRefunds } from "@redress/core/refunds/list-refunds";
import { listEvents } from "@redress/core/webhooks/list-events";
import { type Asked, type Question, smallApps } from "./question.ts";
import type { Sample } from "./samples.ts";

const all = { appIds: "all" } as const;

/** The lists beside purchases. */
export const lists: readonly Question[] = [
  list("refunds, newest", async ({ database }) => (await listRefunds({ database }, all)).refunds),
  list(
    "refunds, a page in the middle",
    async ({ database, middle }) =>
      (await listRefunds({ database }, { ...all, cursor: middle.refunds })).refunds,
  ),
  list(
    "refunds of three small apps",
    async ({ database }) => (await listRefunds({ database }, { appIds: smallApps })).refunds,
  ),
  list(
    "refunds that failed",
    async ({ database }) => (await listRefunds({ database }, { ...all, statuses: ["failed"] })).refunds,
  ),
  list("approvals wanted", async ({ database }) => (await listAwaiting({ database }, all)).refunds),
  list(
    "approvals wanted of three small apps",
    async ({ database }) => (await listAwaiting({ database }, { appIds: smallApps })).refunds,
  ),
  list("deliveries, newest", async ({ database }) => (await listDeliveries({ database }, all)).deliveries),
  list(
    "deliveries, a page in the middle",
    async ({ database, middle }) =>
      (await listDeliveries({ database }, { ...all, cursor: middle.deliveries })).deliveries,
  ),
  list(
    "deliveries that are dead",
    async ({ database }) => (await listDeliveries({ database }, { ...all, state: "dead" })).deliveries,
  ),
  list(
    "deliveries of a small app",
    async ({ database }) => (await listDeliveries({ database }, { ...all, app: "app-7" })).deliveries,
  ),
  list(
    "deliveries of three small apps",
    async ({ database }) => (await listDeliveries({ database }, { appIds: smallApps })).deliveries,
  ),
  list("events, newest", async ({ database }) => (await listEvents({ database }, all)).events),
  list(
    "events, a page in the middle",
    async ({ database, middle }) =>
      (await listEvents({ database }, { ...all, cursor: middle.events })).events,
  ),
  list(
    "events that failed",
    async ({ database }) => (await listEvents({ database }, { ...all, status: "failed" })).events,
  ),
  list(
    "events of a type",
    async ({ database }) => (await listEvents({ database }, { ...all, type: "payout.*" })).events,
  ),
  list(
    "events of a small app",
    async ({ database }) => (await listEvents({ database }, { ...all, app: "app-7" })).events,
  ),
  list("audit, newest", async ({ database }) => (await listAudit({ database }, {})).entries),
  list(
    "audit, a page in the middle",
    async ({ database, middle }) => (await listAudit({ database }, { cursor: middle.audit })).entries,
  ),
  list(
    "audit of three small apps",
    async ({ database }) => (await listAudit({ database }, { appIds: smallApps })).entries,
  ),
  list(
    "audit of an action",
    async ({ database }) => (await listAudit({ database }, { action: "stripe_asked" })).entries,
  ),
  list(
    "audit of one who never did anything",
    async ({ database }) => (await listAudit({ database }, { actorId: "opr_nobody" })).entries,
  ),
  list(
    "audit of a day",
    async ({ database }, { day }) =>
      (await listAudit({ database }, { from: new Date(day), to: new Date(Date.parse(day) + 86_400_000) }))
        .entries,
  ),
  list(
    "audit of a purchase",
    async ({ database }, { id }) => (await listAudit({ database }, { purchaseId: id })).entries,
  ),
];

function list(name: string, read: (asked: Asked, sample: Sample) => Promise<readonly unknown[]>): Question {
  return { name, ask: async (asked, sample) => (await read(asked, sample)).length };
}
