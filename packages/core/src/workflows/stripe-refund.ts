import { auditLogs, type RefundStatus, refunds, stripeEvents } from "@redress/database";
import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { stripeActor } from "../refunds/confirm-refund.ts";
import { refreshRefund } from "../refunds/refresh-refund.ts";
import { settleRefund } from "../refunds/settle-refund.ts";
import { readStripeRefund } from "../refunds/stripe-refund.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import { findAppOf, findPurchase } from "./find-purchase.ts";
import { type AccountEvent, type EventOutcome, stripeEventWorkflow } from "./stripe-event.ts";

/** An event of an old API version has the request's id alone here (Stripe: API 2017-05-25). */
const requestSchema = z.object({ idempotency_key: z.string().nullish() }).nullish().catch(undefined);
/** A snapshot has its request at the top, a thin event inside of its reason. Neither is needed. */
const causeSchema = z
  .string()
  .transform((payload): unknown => JSON.parse(payload))
  .pipe(
    z.object({
      request: requestSchema,
      reason: z.object({ request: requestSchema }).nullish().catch(undefined),
    }),
  );
const chargeSchema = z.object({
  id: z.string(),
  object: z.literal("charge"),
  amount_refunded: z.int().optional().catch(undefined),
});

/** Calls to Stripe that were made, may have been made, or came back without an end. */
const underWay: RefundStatus[] = ["executing", "blocked", "superseded", "pending", "requires_action"];

/**
 * W3: finds the purchase, settles the refund, notifies the app and writes the audit action
 * `refund_confirmed`; the last three are one transaction of `settleRefund`. A charge that cannot be known
 * is recorded.
 */
export function stripeRefundWorkflow(dependencies: Dependencies): Workflow<"stripe/event.received"> {
  return stripeEventWorkflow(dependencies, {
    id: "handle-stripe-refund",
    concurrencyKey: (accountId, object) => {
      const charge = object.object === "charge" ? object.id : object.charge;
      return `charge:${accountId}:${typeof charge === "string" ? charge : "none"}`;
    },
    repeatable: true,
    handle: (event) => handleRefundEvent(dependencies, event),
  });
}

async function handleRefundEvent(dependencies: Dependencies, event: AccountEvent): Promise<EventOutcome> {
  const charge = chargeSchema.safeParse(event.object);
  if (charge.success) return settleRefundsOfCharge(dependencies, event, charge.data);
  const refund = readStripeRefund(event.object);
  if (!refund?.chargeId) return { status: "ignored", label: "no_charge" };
  const found = await findPurchase(dependencies, { accountId: event.accountId, chargeId: refund.chargeId });
  if (found.purchaseId === null) {
    const facts = { stripeChargeId: refund.chargeId, stripeRefundId: refund.id, status: refund.status };
    return recordUnknownCharge(dependencies, event, found.why, facts);
  }
  await settleSnapshot(dependencies, event, event.object, await keyOfCreation(dependencies, event));
  return { status: "handled" };
}

/** A charge in an event carries no refunds (Stripe: API 2022-11-15): the list says which they are. */
async function settleRefundsOfCharge(
  dependencies: Dependencies,
  event: AccountEvent,
  { id: chargeId, amount_refunded: returned }: z.infer<typeof chargeSchema>,
): Promise<EventOutcome> {
  const { accountId } = event;
  const found = await findPurchase(dependencies, { accountId, chargeId });
  if (found.purchaseId === null) {
    return recordUnknownCharge(dependencies, event, found.why, { stripeChargeId: chargeId });
  }
  if (returned === (await settledInBooks(dependencies, found.purchaseId))) return { status: "handled" };
  const listed = await listRefunds(dependencies, { accountId, chargeId });
  // Each refund's own event, signed by Stripe, still says what became of it.
  if (listed === null) return { status: "handled", label: "account_unreachable" };
  // Oldest first: of two that carry our metadata the older is ours.
  for (const refund of listed.toReversed()) await settleSnapshot(dependencies, event, refund);
  return { status: "handled" };
}

/**
 * What was returned of a purchase by our rows; null while one of them is not at its end. Where that is what Stripe says too,
 * its list is not asked for: each refund of ours would cost a request out of the account's limit. Should a failure and
 * another refund cancel out, both unknown, their own events tell them, or the reconciliation.
 */
async function settledInBooks({ database }: Dependencies, purchaseId: string): Promise<number | null> {
  const [sum] = await database
    .select({
      amount: sql`coalesce(sum(${refunds.amount}) filter (where ${refunds.status} = 'succeeded'), 0)`.mapWith(
        Number,
      ),
      open: sql`count(*) filter (where ${inArray(refunds.status, underWay)})`.mapWith(Number),
    })
    .from(refunds)
    .where(eq(refunds.purchaseId, purchaseId));
  return sum === undefined || sum.open > 0 ? null : sum.amount;
}

async function settleSnapshot(
  dependencies: Dependencies,
  event: AccountEvent,
  stripeRefund: unknown,
  createdUnder?: string,
): Promise<void> {
  const { accountId, id: correlationId } = event;
  const source = "stripe_webhook";
  const word = { stripeRefund, accountId, source, correlationId, createdUnder } as const;
  const { refundId, ambiguous } = await settleRefund(dependencies, { ...word, fresh: false });
  if (refundId === null || !ambiguous) return;
  const { busy } = await refreshRefund(dependencies, { refundId, source: "stripe_webhook", correlationId });
  // Where nobody can ask any more the row stays as it is: this may be late or replayed news of an earlier state, and
  // what is final is never ambiguous.
  if (!busy || (await findAppOf(dependencies, accountId)) === null) return;
  throw new Error("Stripe could not be asked what the refund's state is now; the event is handled again");
}

/**
 * Only of this event is the key that of the refund's creation; later ones carry that of whoever changed it.
 * Stripe names none where it acted itself or the Dashboard was used (Stripe: events, `request`).
 */
async function keyOfCreation(
  { database }: Dependencies,
  { id, type }: AccountEvent,
): Promise<string | undefined> {
  if (type !== "refund.created") return undefined;
  const [stored] = await database
    .select({ payload: stripeEvents.payload })
    .from(stripeEvents)
    .where(eq(stripeEvents.id, id));
  if (!stored) return undefined;
  const { request, reason } = causeSchema.parse(stored.payload);
  return request?.idempotency_key || reason?.request?.idempotency_key || undefined;
}

async function listRefunds(
  { stripe }: Dependencies,
  { accountId, chargeId }: { accountId: string; chargeId: string },
): Promise<unknown[] | null> {
  const listed: unknown[] = [];
  try {
    const pages = stripe.refunds.list({ charge: chargeId, limit: 100 }, { stripeAccount: accountId });
    for await (const refund of pages) listed.push(refund);
    return listed;
  } catch (error) {
    if (classifyStripeError(error).kind === "no_access") return null;
    throw error;
  }
}

/** One entry per event, however often it is handled. */
async function recordUnknownCharge(
  dependencies: Dependencies,
  event: AccountEvent,
  label: string,
  facts: Record<string, unknown>,
): Promise<EventOutcome> {
  const action = "refund_charge_unknown";
  await dependencies.database.transaction(async (transaction) => {
    await transaction.select().from(stripeEvents).where(eq(stripeEvents.id, event.id)).for("update");
    const [recorded] = await transaction
      .select({ id: auditLogs.id })
      .from(auditLogs)
      .where(and(eq(auditLogs.correlationId, event.id), eq(auditLogs.action, action)));
    if (recorded) return;
    await recordAudit(dependencies, transaction, {
      actor: stripeActor,
      action,
      correlationId: event.id,
      details: { ...facts, stripeAccountId: event.accountId, source: "stripe_webhook", why: label },
    });
  });
  return { status: "handled", label };
}
