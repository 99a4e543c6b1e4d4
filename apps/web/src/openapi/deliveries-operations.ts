import { deliveryStates } from "@redress/core/notifications/list-deliveries";
import { z } from "zod";
import type { Operations } from "./operation.ts";
import { appName, moment, nextCursor, text, when } from "./shapes.ts";

const delivery = z
  .object({
    id: z.string().describe("The `webhook-id`, the same at each attempt."),
    app: appName,
    type: z.enum(["refund.succeeded", "refund.failed", "ping"]),
    state: z.enum(deliveryStates),
    access: z.enum(["revoke", "restore", "keep"]),
    purchaseId: text,
    refundId: text,
    attemptCount: z.int(),
    nextAttemptAt: when,
    createdAt: moment,
    receivedAt: when,
    doneAt: when,
    reason: text.describe("Why the app declined."),
  })
  .meta({ id: "Delivery" });

const outcome = { httpStatus: z.int().nullable(), errorCode: text, errorMessage: text };
const headers = z.record(z.string(), z.string()).nullable();

const attempt = z
  .object({
    id: z.string(),
    number: z.int(),
    url: z.string(),
    startedAt: moment,
    finishedAt: when,
    requestHeaders: headers,
    responseHeaders: headers,
    responseBody: text.describe("The first kilobytes."),
    ...outcome,
  })
  .meta({ id: "DeliveryAttempt" });

const ping = z
  .object({
    notificationId: z.string(),
    ok: z.boolean().describe("The app took it with a 2xx."),
    url: z.string(),
    sentAt: moment,
    answeredAt: when,
    httpStatus: z.int().nullable(),
    responseBody: text,
    errorCode: text,
    message: text.describe("Why it failed and what to do."),
  })
  .meta({ id: "Ping" });

/** What apps are told, and what they answered. */
export const deliveriesOperations: Operations = {
  "GET /api/v1/deliveries": {
    tag: "deliveries",
    summary: "What apps were told",
    description: "Newest first, each with its last attempt.",
    answer: z.object({
      deliveries: z.array(
        delivery.extend({ lastAttempt: z.object({ startedAt: moment, ...outcome }).nullable() }),
      ),
      nextCursor,
    }),
  },
  "GET /api/v1/deliveries/{id}": {
    tag: "deliveries",
    summary: "One message to an app with all attempts",
    description: "Signatures, cookies and other headers that may hold a secret are hidden.",
    answer: z.object({
      delivery: delivery.extend({
        payload: z.record(z.string(), z.unknown()),
        attempts: z.array(attempt),
      }),
    }),
  },
  "POST /api/v1/deliveries/{id}/resend": {
    tag: "deliveries",
    summary: "Send a message to an app again",
    answer: z.object({ notificationId: z.string() }),
    errors: ["notification_not_resendable"],
  },
  "POST /api/v1/deliveries/resend": {
    tag: "deliveries",
    summary: "Send the messages of a window again",
    description: "`dryRun` counts. Without it each call sends a hundred; the same call goes on until `done`.",
    answer: z.union([z.object({ resent: z.int(), done: z.boolean() }), z.object({ resendable: z.int() })]),
  },
  "POST /api/v1/apps/{slug}/ping": {
    tag: "deliveries",
    summary: "Send a signed ping to an app's address",
    description: "Once, without trying again; answers within 15 seconds what the app answered.",
    answer: z.object({ ping }),
    errors: ["notification_unaddressed"],
  },
  "POST /api/v1/apps/{slug}/notification-secret": {
    tag: "deliveries",
    summary: "Give an app a new notification secret",
    description: "The one before it stays good for a day, unless `endPrevious`.",
    answer: z.object({
      notificationSecret: z.string().describe("Answered once."),
      previousUntil: when,
    }),
  },
};
