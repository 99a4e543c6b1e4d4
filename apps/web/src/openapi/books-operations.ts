import { z } from "zod";
import type { Operations } from "./operation.ts";
import { appName, moment, nextCursor, text, when } from "./shapes.ts";

const event = z
  .object({
    id: z.string(),
    type: z.string(),
    status: z.enum(["received", "handled", "ignored", "failed"]),
    labels: z.array(z.string()),
    receivedAt: moment,
  })
  .meta({ id: "Event" });

const auditEntry = z
  .object({ id: z.int(), at: moment, actorKind: z.string(), actorId: z.string(), action: z.string() })
  .meta({ id: "AuditEntry" });

const anchor = z.object({ number: z.int(), hash: z.string() });

/** Stripe's events, the comparison of the books, and the log. */
export const booksOperations: Operations = {
  "GET /api/v1/reconciliation": {
    tag: "books",
    summary: "How the books of each app stand",
    answer: z.object({ comparisons: z.array(z.looseObject({ app: appName, nextDueAt: when })) }),
  },
  "POST /api/v1/reconciliation": {
    tag: "books",
    summary: "Compare an app's books with Stripe now",
    description: "The same question while it runs is the same run.",
    answer: z.object({ runId: z.string(), resumed: z.boolean(), since: moment }),
    errors: ["app_not_connected"],
  },
  "GET /api/v1/reconciliation/drifts": {
    tag: "books",
    summary: "What differed between the books and Stripe",
    answer: z.object({
      drifts: z.array(z.looseObject({ difference: z.string(), repair: z.string() })),
      nextCursor,
    }),
    errors: ["app_not_found"],
  },
  "GET /api/v1/events": {
    tag: "events",
    summary: "What came in from Stripe",
    description: "Newest first, without customers' data. A part may hold fewer than `limit`, even none.",
    answer: z.object({ events: z.array(event), nextCursor }),
    errors: ["app_not_found"],
  },
  "GET /api/v1/events/{id}": {
    tag: "events",
    summary: "One event with all that it led to",
    description: "`payload=true` adds the body, with personal data in it.",
    answer: z.object({ event: event.extend({ payload: z.string().optional() }) }),
  },
  "POST /api/v1/events/{id}/replay": {
    tag: "events",
    summary: "Have an event handled again",
    answer: z.object({ eventId: z.string() }),
    errors: ["event_not_replayable"],
  },
  "POST /api/v1/events/replay": {
    tag: "events",
    summary: "Have the events of a window handled again",
    description: "`dryRun` counts. Without it the same call goes on until `done`.",
    answer: z.union([
      z.object({ replayed: z.int(), skipped: z.int(), done: z.boolean() }),
      z.object({ replayable: z.int(), ignored: z.int(), resumed: z.boolean() }),
    ]),
    errors: ["app_not_found"],
  },
  "POST /api/v1/apps/{slug}/events/pull": {
    tag: "events",
    summary: "Take in what no webhook told",
    answer: z.object({ listed: z.int(), pulled: z.int(), reachedAt: moment, cutAt: when, nextCursor }),
    errors: ["app_not_connected", "stripe_unavailable"],
  },
  "GET /api/v1/dead-letters": {
    tag: "events",
    summary: "Messages whose work failed for good",
    answer: z.object({
      deadLetters: z.array(z.object({ id: z.string(), name: z.string(), reason: text, deadAt: moment })),
      nextCursor,
    }),
    errors: ["app_not_found"],
  },
  "POST /api/v1/dead-letters/{id}/replay": {
    tag: "events",
    summary: "Send a dead message again",
    answer: z.object({ name: z.string() }),
    errors: ["event_not_replayable"],
  },
  "GET /api/v1/exports/refunds": {
    tag: "books",
    summary: "What refunds moved, for accounting",
    description:
      "CSV, oldest first: a line for each refund that Stripe has (`kind` refund), and another for one that came back (`failure`). `app`: a slug; `month`: in UTC, such as 2026-11, by when Stripe booked it; `currency`: of the refund. Amounts are signed, in the smallest unit (`…_minor`) and as a decimal; those of the balance transaction are empty until they were read from Stripe.",
    answer: z.string(),
    mediaTypes: ["text/csv"],
    errors: ["app_not_found"],
  },
  "GET /api/v1/exports/purchases": {
    tag: "books",
    summary: "Purchases as a file",
    description:
      "CSV, newest first, found like the list of purchases: `query` takes the same words, `app` a slug. Amounts in the smallest unit (`…_minor`) and as a decimal: what was paid, what Stripe has returned, and what is left to refund. It holds customers' names and addresses.",
    answer: z.string(),
    mediaTypes: ["text/csv"],
    errors: ["app_not_found"],
  },
  "GET /api/v1/audit": {
    tag: "access",
    summary: "The log, newest first",
    answer: z.object({ entries: z.array(auditEntry), nextCursor }),
  },
  "GET /api/v1/audit/export": {
    tag: "access",
    summary: "The log as a file",
    description:
      "`format`: csv, or jsonl with one entry a line. Oldest first, of the apps whose log one may read.",
    answer: z.string(),
    mediaTypes: ["text/csv", "application/x-ndjson"],
    errors: ["app_not_found"],
  },
  "GET /api/v1/audit/verify": {
    tag: "access",
    summary: "Whether the log's chain is whole",
    answer: z.object({
      valid: z.boolean(),
      sealed: z.int(),
      unsealed: z.int(),
      head: anchor,
      firstBroken: z
        .object({ number: z.int(), auditLogId: z.int().nullable(), reason: z.string() })
        .optional(),
    }),
  },
};
