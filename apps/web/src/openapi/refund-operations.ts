import { z } from "zod";
import type { Operations } from "./operation.ts";
import {
  actor,
  foundPurchase,
  moment,
  nextCursor,
  ownKey,
  purchase,
  purchaseDetail,
  purchaseForAgent,
  refund,
  refundDetail,
  refundForAgent,
  refundPolicy,
  text,
  when,
} from "./shapes.ts";

const oneRefund = z.object({ refund: refundDetail });
const eitherRefund = z.object({ refund: z.union([refundDetail, refundForAgent]) });
const comment = z
  .object({ id: z.string(), number: z.int(), by: actor, at: moment, text })
  .meta({ id: "Comment" });
const commentForAgent = z
  .object({ id: z.string(), number: z.int(), by: z.enum(["operator", "agent"]), at: moment, text })
  .meta({ id: "CommentForAgent" });
const eitherComment = z.union([comment, commentForAgent]);
const decided = ["already_decided", "not_awaiting_approval"] as const;

/** What agents and people do with purchases and refunds. */
export const refundOperations: Operations = {
  "GET /api/v1/purchases": {
    tag: "purchases",
    summary: "Search purchases",
    description:
      "`query`: e-mail address, name, order number, charge, payment intent, customer, the card's last four digits, amount (`49.00eur`, `amount:10..50`) or date (`2026-11-01`, `since:2026-10`, UTC); several words must all match. Newest first.",
    answer: z.object({ purchases: z.array(foundPurchase), nextCursor }),
  },
  "GET /api/v1/disputes": {
    tag: "purchases",
    summary: "List open disputes",
    description:
      "Purchases with an open dispute, the one whose evidence is due first before all others; those that want no evidence now come last. `app`: a slug.",
    answer: z.object({ disputes: z.array(purchase.extend({ disputeDueAt: when })), nextCursor }),
  },
  "GET /api/v1/purchases/{id}": {
    tag: "purchases",
    summary: "One purchase with its refunds",
    answer: z.object({ purchase: z.union([purchaseDetail, purchaseForAgent]) }),
  },
  "GET /api/v1/purchases/{id}/refund-policy": {
    tag: "purchases",
    summary: "What would become of a refund request",
    description:
      "The verdict of the policy and why, before asking. Writes nothing and promises nothing: a request is judged anew.",
    answer: z.object({ policy: refundPolicy }),
    errors: [
      "amount_invalid",
      "currency_mismatch",
      "amount_exceeds_remaining",
      "already_refunded",
      "request_open",
      "reason_unknown",
    ],
  },
  "GET /api/v1/refunds": {
    tag: "refunds",
    summary: "List refunds",
    description: "`status`: one, or several separated by commas. Newest first.",
    answer: z.object({ refunds: z.array(z.union([refund, refundForAgent])), nextCursor }),
  },
  "POST /api/v1/refunds": {
    tag: "refunds",
    summary: "Ask for a refund",
    description:
      "What the policy allows is made, what it refuses is rejected, the rest waits for a person (`awaiting_approval`). Amounts are in the currency's smallest unit; without one all that is left is meant. From agents, what equals an open refund or one of the last 7 days is answered with that one.",
    answer: eitherRefund.extend({
      repeated: z.literal(true).optional().describe("The refund was there before this call."),
    }),
    errors: [
      "app_not_connected",
      "dispute_open",
      "refunds_stopped",
      "amount_invalid",
      "currency_mismatch",
      "amount_exceeds_remaining",
      "already_refunded",
      "request_key_conflict",
      "request_open",
      "reason_unknown",
    ],
    takesKey: true,
  },
  "GET /api/v1/refunds/{id}": {
    tag: "refunds",
    summary: "What became of a refund",
    answer: eitherRefund,
  },
  "POST /api/v1/refunds/{id}/withdraw": {
    tag: "refunds",
    summary: "Take a request back",
    description: "Taking it back twice is no error. An agent takes back only what its own key asked for.",
    answer: eitherRefund,
    errors: ["outcome_unknown", "already_decided"],
  },
  "POST /api/v1/refunds/{id}/approve": {
    tag: "refunds",
    summary: "Approve",
    description:
      "Never with a key, and never by who asked for it. Where the policy wants several people, `approvalsMissing` says how many are still needed.",
    answer: oneRefund,
    errors: ["own_request", ...decided],
  },
  "POST /api/v1/refunds/{id}/take-back": {
    tag: "refunds",
    summary: "Take back an approval",
    description: "One's own, while the request still waits for others.",
    answer: oneRefund,
    errors: ["not_endorsed", ...decided],
  },
  "GET /api/v1/refunds/{id}/comments": {
    tag: "refunds",
    summary: "What was said about a refund",
    answer: z.object({ comments: z.array(eitherComment) }),
  },
  "POST /api/v1/refunds/{id}/comments": {
    tag: "refunds",
    summary: "Say something about a refund",
    description:
      "People on what they may read; a key on what it asked for itself. With an `Idempotency-Key`, what is sent again answers the first comment.",
    takesKey: true,
    answer: z.object({ comment: eitherComment }),
    errors: ["too_many_comments", "request_key_conflict"],
  },
  "POST /api/v1/refunds/{id}/reject": {
    tag: "refunds",
    summary: "Reject",
    description: "Never with a key. The first decision counts.",
    answer: oneRefund,
    errors: [...decided],
  },
  "POST /api/v1/refunds/{id}/supersede": {
    tag: "refunds",
    summary: "Put another refund in the place of one whose error Stripe keeps",
    answer: oneRefund,
    errors: [
      "own_request",
      "not_supersedable",
      "already_decided",
      "amount_exceeds_remaining",
      "stripe_unavailable",
    ],
  },
  "GET /api/v1/key": {
    tag: "agents",
    summary: "Which key was sent, and what it may do now",
    answer: z.object({
      key: ownKey,
      desk: z.object({ version: z.string(), mode: z.string(), now: z.iso.datetime() }),
    }),
  },
  "GET /api/v1/openapi.json": {
    tag: "agents",
    summary: "This document",
    answer: z.looseObject({ openapi: z.string() }),
  },
  "GET /api/v1/reference": {
    mediaTypes: ["text/html"],
    tag: "agents",
    summary: "This document as a page",
    answer: z.string(),
  },
};
