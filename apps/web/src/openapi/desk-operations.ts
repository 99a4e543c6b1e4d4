import { accessReport } from "@redress/core/purchases/report-access";
import { purchaseReport } from "@redress/core/purchases/report-purchase";
import { z } from "zod";
import type { Operations } from "./operation.ts";
import { appName, currency, moment, nextCursor, refund, refundDetail, text, when } from "./shapes.ts";

const app = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    connection: z.looseObject({ stripeAccountId: z.string(), livemode: z.boolean() }).nullable(),
    refundsStopped: z.object({ at: moment, by: z.string(), byName: text, reason: z.string() }).nullable(),
    notificationUrl: text,
    revokeAccessOnPartialRefund: z.boolean(),
    refundApplicationFee: z.boolean().describe("Refunds asked for from now on give the platform's fee back."),
    approvalRules: z.array(z.object({ amount: z.int(), currency })).nullable(),
    policy: z.object({ version: z.int(), isDefault: z.boolean() }),
  })
  .meta({ id: "App" });

const importShape = z
  .object({
    id: z.string(),
    stripeAccountId: z.string(),
    status: z.enum(["running", "done", "failed", "stopped"]),
    progress: z
      .number()
      .describe("Of the account's history, from 0 to 1; a guess until its beginning is found."),
    pageCount: z.int(),
    chargeCount: z.int().describe("Charges listed."),
    importedCount: z.int().describe("Those that took money, and are purchases now."),
    error: text,
    startedAt: moment,
    updatedAt: moment,
    finishedAt: when,
  })
  .meta({ id: "Import" });

const policy = z
  .object({
    version: z.int().describe("0: nobody has set one."),
    followsDesk: z.boolean(),
    policy: z.looseObject({ rules: z.array(z.looseObject({ verdict: z.string() })) }),
  })
  .meta({ id: "Policy" });

const proposal = z
  .object({
    id: z.string(),
    app: appName,
    purchaseId: z.string(),
    fraudType: z.string(),
    status: z.string(),
    amountLeft: z.int(),
    currency,
    refundId: text,
    createdAt: moment,
    closedAt: when,
  })
  .meta({ id: "Proposal" });

const key = z
  .object({
    id: z.string(),
    name: z.string(),
    owner: z.object({ id: z.string(), name: z.string() }),
    permissions: z.array(z.string()),
    apps: z.union([z.array(z.string()), z.literal("all")]),
    ratePerMinute: z.int(),
    webhook: z.object({ url: z.string(), lastOutcome: z.string().nullable(), lastAt: when }).nullable(),
    status: z.enum(["active", "expired", "revoked"]),
    createdAt: moment,
    expiresAt: moment,
    revokedAt: when,
    lastUsedAt: when,
    secrets: z.array(z.object({ prefix: z.string(), createdAt: moment, endsAt: when, lastUsedAt: when })),
  })
  .meta({ id: "Key" });

const keyWithSecret = z.object({ key, secret: z.string().describe("Answered once.") });

/** How administrators set up apps, policies, people and keys, and what apps' servers tell. */
export const deskOperations: Operations = {
  "GET /api/v1/apps": { tag: "apps", summary: "List apps", answer: z.object({ apps: z.array(app) }) },
  "POST /api/v1/apps": {
    tag: "apps",
    summary: "Add an app",
    answer: z.object({ app, notificationSecret: z.string().describe("Answered once.") }),
    errors: ["app_slug_taken"],
  },
  "GET /api/v1/apps/{slug}": { tag: "apps", summary: "One app", answer: z.object({ app }) },
  "PATCH /api/v1/apps/{slug}": {
    tag: "apps",
    summary: "Change an app's settings",
    answer: z.object({ app }),
    errors: ["policy_not_simple"],
  },
  "POST /api/v1/apps/{slug}/stop": {
    tag: "apps",
    summary: "Stop all refunds of an app",
    description:
      "From then on nothing that creates a refund is begun for it. Stopping twice keeps the first reason.",
    answer: z.object({ app }),
  },
  "POST /api/v1/apps/{slug}/release": {
    tag: "apps",
    summary: "Let refunds of an app run again",
    answer: z.object({ app }),
  },
  "GET /api/v1/apps/{slug}/import": {
    tag: "apps",
    summary: "How far the import of an account's charges has come",
    answer: z.object({ import: importShape.nullable().describe("The newest; null while there was none.") }),
  },
  "POST /api/v1/apps/{slug}/import": {
    tag: "apps",
    summary: "Import an account's charges once more",
    description:
      "Goes on by itself, at a fifth of what Stripe allows. While one runs, that one is answered, with `resumed: true`. What is there already is brought up to date, and counted again.",
    answer: z.object({ import: importShape, resumed: z.boolean() }),
    errors: ["app_not_connected"],
  },
  "GET /api/v1/apps/{slug}/policy": {
    tag: "apps",
    summary: "The policy that judges an app's requests",
    answer: policy,
  },
  "PUT /api/v1/apps/{slug}/policy": {
    tag: "apps",
    summary: "Put an app's policy in force",
    description: "`policy: null` has the app follow the desk's.",
    answer: policy,
    errors: ["policy_changed"],
  },
  "POST /api/v1/apps/{slug}/policy/dry-run": {
    tag: "apps",
    summary: "Try a draft on past requests",
    answer: z.object({
      requests: z.array(z.looseObject({ refundId: z.string(), requestedAt: moment })),
      counts: z.object({ allow: z.int(), ask: z.int(), refuse: z.int() }),
      changed: z.int(),
    }),
  },
  "GET /api/v1/policy": {
    tag: "apps",
    summary: "The desk's policy",
    description: "For apps that have none of their own.",
    answer: policy,
  },
  "PUT /api/v1/policy": {
    tag: "apps",
    summary: "Put the desk's policy in force",
    answer: policy,
    errors: ["policy_changed"],
  },
  "POST /api/v1/apps/{slug}/purchases": {
    tag: "app servers",
    summary: "Tell which product a purchase was of",
    description: "The same message again changes nothing more.",
    body: purchaseReport,
    answer: z.object({ purchase_id: z.string() }),
    errors: ["purchase_not_found", "app_not_connected", "stripe_unavailable"],
  },
  "POST /api/v1/apps/{slug}/access": {
    tag: "app servers",
    summary: "Tell that access was revoked, given back, or will not be",
    description: "The same message again changes nothing more.",
    body: accessReport,
    answer: z.object({ status: z.string() }),
    errors: ["notification_not_found"],
  },
  "GET /api/v1/proposals": {
    tag: "refunds",
    summary: "Refunds that the desk proposes",
    answer: z.object({ proposals: z.array(proposal), nextCursor }),
  },
  "POST /api/v1/proposals/{id}/accept": {
    tag: "refunds",
    summary: "Ask for the proposed refund",
    description: "The same call again is answered with the same refund.",
    answer: z.object({ refund: refundDetail }),
    errors: [
      "proposal_closed",
      "app_not_connected",
      "dispute_open",
      "refunds_stopped",
      "amount_exceeds_remaining",
      "already_refunded",
    ],
  },
  "POST /api/v1/proposals/{id}/dismiss": {
    tag: "refunds",
    summary: "Decide against the proposed refund",
    answer: z.object({ proposalId: z.string() }),
    errors: ["proposal_closed"],
  },
  "GET /api/v1/alerts": {
    tag: "books",
    summary: "What waits for a person",
    answer: z.object({
      alerts: z.array(z.object({ kind: z.string(), refund, since: moment, hadSucceeded: z.boolean() })),
      undecidedDrifts: z.int(),
    }),
  },
  "GET /api/v1/operators": {
    tag: "access",
    summary: "List people",
    answer: z.object({
      operators: z.array(
        z.object({ id: z.string(), name: z.string(), email: z.string(), createdAt: moment }),
      ),
    }),
  },
  "POST /api/v1/operators": {
    tag: "access",
    summary: "Make a colleague's account",
    answer: z.object({ operatorId: z.string() }),
    errors: ["app_not_found"],
  },
  "GET /api/v1/keys": { tag: "access", summary: "List keys", answer: z.object({ keys: z.array(key) }) },
  "POST /api/v1/keys": {
    tag: "access",
    summary: "Make a key for a program",
    answer: keyWithSecret,
    errors: ["app_not_found"],
  },
  "POST /api/v1/keys/{id}/rotate": {
    tag: "access",
    summary: "A new secret for a key of one's own",
    answer: keyWithSecret,
    errors: ["key_not_found", "key_ended"],
  },
  "POST /api/v1/keys/{id}/webhook": {
    tag: "access",
    summary: "Say where the program of one's own key is told of its refunds",
    answer: z.object({ key, webhookSecret: z.string().nullable() }),
    errors: ["key_not_found", "key_ended"],
  },
  "POST /api/v1/keys/{id}/revoke": {
    tag: "access",
    summary: "End a key at once",
    answer: z.object({ key }),
    errors: ["key_not_found"],
  },
};
