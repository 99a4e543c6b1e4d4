import { bulkItemStatuses, bulkPausedCodes, bulkRefundStatuses, refundStatuses } from "@redress/database";
import { z } from "zod";
import type { Operations } from "./operation.ts";
import { actor, appName, currency, moment, nextCursor, text, when } from "./shapes.ts";

const tally = z
  .object({ count: z.int(), amounts: z.array(z.object({ amount: z.int(), currency })) })
  .meta({ id: "Tally" });
const leanFields = {
  id: z.string(),
  app: appName,
  status: z.enum(bulkRefundStatuses),
  source: z.enum(["rows", "csv", "filter"]),
  reason: z.string(),
  requestedAt: moment,
  expiresAt: when,
  finishedAt: when,
  itemCount: z.int(),
  lines: z.record(z.enum(bulkItemStatuses), tally),
  reasons: z.array(z.object({ code: z.string(), count: z.int() })),
  refunds: z.array(z.object({ status: z.enum(refundStatuses), ...tally.shape })),
  pausedCode: z.enum(bulkPausedCodes).nullable(),
  approversNeeded: z.int(),
};
const forAgent = z.object(leanFields).meta({ id: "BulkRefundForAgent" });
const bulkRefund = z
  .object({
    ...leanFields,
    filter: text,
    note: text,
    requestedBy: actor,
    listHash: text.describe("Stands for exactly this list: send it with the decision."),
    approverRole: z.enum(["approver", "admin"]),
    approvedBy: z.array(actor),
    decidedBy: actor.nullable().describe("Who approved it last, or rejected it."),
    decidedAt: when,
    decisionNote: text,
  })
  .meta({ id: "BulkRefund" });
const line = z
  .object({
    position: z.int(),
    handle: z.string(),
    status: z.enum(bulkItemStatuses),
    code: text,
    explanation: text,
    purchaseId: text,
    charge: text,
    orderNumber: text,
    customerEmail: text,
    productName: text,
    amount: z.int().nullable(),
    currency: text,
    refundId: text,
    refundStatus: z.enum(refundStatuses).nullable(),
    stripeRefundId: text,
    bankReference: text,
    failureReason: text,
    refusedCode: text,
  })
  .meta({ id: "BulkRefundLine" });
const one = z.object({ bulkRefund });
const either = z.object({ bulkRefund: z.union([bulkRefund, forAgent]) });
const state = ["bulk_refund_state"] as const;

/** Lists of refunds that are approved together. */
export const bulkOperations: Operations = {
  "GET /api/v1/bulk-refunds": {
    tag: "bulk refunds",
    summary: "List bulk refunds",
    description: "`status`: one, or several separated by commas. Newest first.",
    answer: z.object({ bulkRefunds: z.array(z.union([bulkRefund, forAgent])), nextCursor }),
  },
  "POST /api/v1/bulk-refunds": {
    tag: "bulk refunds",
    summary: "Ask for many refunds of an app as one list",
    description:
      "Exactly one of `rows`, `csv` (head line `purchase` or `charge`, `payment_intent`, `order_number`; optionally `amount` with `currency`, written with all decimals: `49.00`) and `filter` (the words of a search of purchases). Every line is judged by itself in the background, then people approve exactly that list.",
    answer: either.extend({ repeated: z.literal(true).optional() }),
    errors: ["app_not_connected", "refunds_stopped", "reason_unknown", "csv_invalid", "request_key_conflict"],
    takesKey: true,
  },
  "GET /api/v1/bulk-refunds/{id}": {
    tag: "bulk refunds",
    summary: "A bulk refund with its progress",
    answer: either,
  },
  "GET /api/v1/bulk-refunds/{id}/items": {
    tag: "bulk refunds",
    summary: "Its lines",
    answer: z.object({ items: z.array(line), nextAfter: z.int().nullable() }),
  },
  "GET /api/v1/bulk-refunds/{id}/result": {
    tag: "bulk refunds",
    summary: "Its result as CSV",
    description: "Every line with what became of it, as it is at that moment.",
    answer: z.string(),
    mediaTypes: ["text/csv"],
  },
  "POST /api/v1/bulk-refunds/{id}/approve": {
    tag: "bulk refunds",
    summary: "Approve exactly this list",
    answer: one,
    errors: ["own_request", "list_changed", ...state],
  },
  "POST /api/v1/bulk-refunds/{id}/reject": {
    tag: "bulk refunds",
    summary: "Reject it",
    answer: one,
    errors: ["list_changed", ...state],
  },
  "POST /api/v1/bulk-refunds/{id}/withdraw": {
    tag: "bulk refunds",
    summary: "Take it back before it is approved",
    answer: either,
    errors: state,
  },
  "POST /api/v1/bulk-refunds/{id}/pause": {
    tag: "bulk refunds",
    summary: "Stop its run between two lines",
    answer: one,
    errors: state,
  },
  "POST /api/v1/bulk-refunds/{id}/resume": {
    tag: "bulk refunds",
    summary: "Let it go on",
    answer: one,
    errors: state,
  },
  "POST /api/v1/bulk-refunds/{id}/cancel": {
    tag: "bulk refunds",
    summary: "Give up what is left of it",
    description: "What Stripe was asked for already stays and is finished.",
    answer: one,
    errors: state,
  },
};
