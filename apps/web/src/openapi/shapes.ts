import { matchKinds } from "@redress/core/purchases/search-terms";
import { agentPermissions, approverRoles, refundReasons, refundStatuses } from "@redress/database";
import { z } from "zod";

/*
 * Answers as they are sent: dates are texts. A member that is not here may come with any release, so unknown ones are
 * let through; a view for agents has no others.
 */

/** A moment in UTC. */
export const moment = z.iso.datetime();
export const text = z.string().nullable();
export const when = moment.nullable();
const units = z.int().describe("In the currency's smallest unit.");
export const currency = z.string().length(3);
export const nextCursor = z.string().nullable().describe("`cursor` of the next part; null at the end.");
export const appName = z.object({ id: z.string(), slug: z.string(), name: z.string() });
export const actor = z.object({ kind: z.string(), id: z.string(), name: text });

export const applicationFee = z
  .object({ amount: units, currency, onRefund: z.enum(["given_back", "kept"]) })
  .nullable()
  .describe("What the platform took of the payment, and what becomes of a refund's share of it.");

/** A name of its own in the document. */
const named = <Schema extends z.ZodType>(id: string, schema: Schema) => schema.meta({ id });

const purchaseFields = {
  id: z.string(),
  app: appName,
  stripeChargeId: z.string(),
  amountCaptured: units,
  amountRefunded: units,
  amountLeft: units,
  currency,
  customerEmail: text,
  customerName: text,
  customer: z
    .object({
      stripeCustomerId: text,
      appCustomerId: text.describe("The app's own id of the customer, as it reported it."),
      othersWithEmail: z.int().describe("Other customers of the app with the same address."),
    })
    .describe("Who bought, told apart by an id."),
  productName: text,
  orderNumber: text,
  paymentMethod: z.object({ brand: z.string(), last4: text }).nullable(),
  purchasedAt: moment,
  access: z.string(),
  disputeStatus: text,
};

const refundFields = {
  id: z.string(),
  app: appName,
  purchaseId: z.string(),
  amount: units,
  currency,
  status: z.enum(refundStatuses),
  reason: text,
  note: text,
  ticketUrl: text,
  origin: z.enum(["redress", "stripe"]),
  requestedAt: moment,
  expiresAt: when,
  settledAt: when,
  nextAttemptAt: when,
  stripeRefundId: text,
  refusedCode: text,
  failureReason: text,
  blockedCode: text,
};

export const refund = named(
  "Refund",
  z
    .object({
      ...refundFields,
      requestedBy: actor,
      outcomeUnknown: z.boolean(),
      accessStatus: z.enum(["none", "told", "done", "declined", "failed"]),
      refusedMessage: text,
    })
    .describe("A refund as people see it."),
);

export const refundDetail = named(
  "RefundDetail",
  refund.extend({
    stripeAccountId: z.string(),
    stripeChargeId: z.string(),
    idempotencyKey: text,
    applicationFee,
    approverRole: z.enum(approverRoles),
    approval: z.looseObject({ id: z.string(), decision: z.enum(["approved", "rejected"]) }).nullable(),
    verdicts: z.array(z.looseObject({ verdict: z.string(), explanation: z.string(), judgedAt: moment })),
    attempts: z.array(z.looseObject({ number: z.int(), startedAt: moment })),
    notifications: z.array(z.looseObject({ id: z.string(), status: z.string() })),
    history: z.array(z.looseObject({ at: moment, action: z.string() })),
  }),
);

export const refundForAgent = named(
  "RefundForAgent",
  z
    .strictObject({
      ...refundFields,
      decision: z
        .object({
          decision: z.enum(["approved", "rejected"]),
          by: z.string().describe("operator, or policy"),
          at: moment,
          note: text,
        })
        .optional()
        .describe("What a person, or the policy, said."),
      statusUrl: z.url().optional().describe("Where to ask again, with the same key, while it may change."),
      message: z.string().describe("What happened, and what comes next, in a sentence."),
    })
    .describe("A refund as an agent sees it."),
);

export const purchase = named("Purchase", z.object(purchaseFields));

export const foundPurchase = named(
  "FoundPurchase",
  purchase.extend({
    matchedBy: z.array(z.enum(matchKinds)).describe("What of it answered the search."),
    unverified: z
      .boolean()
      .describe("Nothing but an e-mail address or a name led to it, which anybody may know."),
  }),
);

export const purchaseDetail = named(
  "PurchaseDetail",
  purchase.extend({
    stripeAccountId: z.string(),
    stripePaymentIntentId: text,
    description: text,
    livemode: z.boolean(),
    refundsBlockedByDispute: z.boolean(),
    disputeDueAt: when.describe("Until when Stripe takes evidence on a dispute that wants some."),
    applicationFee,
    refunds: z.array(refund).describe("Newest first."),
  }),
);

export const purchaseForAgent = named(
  "PurchaseForAgent",
  z.strictObject({
    ...purchaseFields,
    refundsBlockedByDispute: z.boolean(),
    refunds: z.array(
      z.strictObject({
        id: z.string(),
        amount: units,
        currency,
        status: z.enum(refundStatuses),
        reason: text,
        origin: z.enum(["redress", "stripe"]),
        requestedAt: moment,
      }),
    ),
  }),
);

export const refundPolicy = named(
  "RefundPolicy",
  z.object({
    purchaseId: z.string(),
    reasons: z
      .array(z.object({ code: z.string(), label: z.string(), stripe: z.enum(refundReasons).nullable() }))
      .optional(),
    amount: units.describe("What was judged."),
    currency,
    amountLeft: units,
    verdict: z
      .enum(["allow", "ask", "refuse", "repeated"])
      .describe("`repeated`: asking would be answered with `refundId`, and make no other refund."),
    why: text.describe("The rule that decides, for people."),
    approvers: z.int().optional().describe("For `ask`: how many have to approve it."),
    role: z.enum(approverRoles).optional().describe("For `ask`: what they must be at least."),
    reason: z.string().optional().describe("For `refuse`: what to tell the customer."),
    refundId: z.string().optional(),
    until: when
      .optional()
      .describe("For `allow`: until when, where the purchase's age ends it; null where it does not."),
    blocked: z
      .object({
        code: z.enum(["account_disconnected", "account_changed", "dispute_open", "refunds_stopped"]),
        explanation: z.string(),
      })
      .nullable()
      .describe("Why a request would be turned away now, whatever the verdict."),
    applicationFee,
    message: z.string(),
  }),
);

export const ownKey = named(
  "OwnKey",
  z.object({
    id: z.string(),
    name: z.string(),
    ratePerMinute: z.int(),
    expiresAt: moment,
    permissions: z
      .array(z.enum(agentPermissions))
      .describe("What it may do now: no more than its owner may at this moment."),
    apps: z.array(z.object({ slug: z.string(), name: z.string(), isConnected: z.boolean() })),
  }),
);
