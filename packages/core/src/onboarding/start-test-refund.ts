import { refunds, type Transaction, testRefunds } from "@redress/database";
import { and, desc, eq, gte, isNull } from "drizzle-orm";
import { z } from "zod";
import { readAppRow } from "../apps/get-app.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { takeInCharge } from "../purchases/take-in-charge.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";

export type TestRefundRow = typeof testRefunds.$inferSelect;

/** Above every minimum of Stripe's, whatever the account's own currency. */
const price = { amount: 500, currency: "usd" } as const;
/** Stripe remembers a key for a day; a charge that was begun before is left alone. */
const keyLivesMs = 23 * 60 * 60_000;

/**
 * Puts a connection to the proof: charges Stripe's test card on the app's account and asks for the refund of that
 * charge, which then takes the way of every refund: policy, approval, Stripe, webhook, notification. The intention is
 * written first and its id is the key of the charge, so that a call that is repeated makes no second charge and goes
 * on where the first one stopped.
 *
 * @throws RedressError `app_not_found`, `app_not_connected`, `test_mode_only`, `stripe_refused`, `stripe_unavailable`,
 *   and those of `requestRefund`
 */
export async function startTestRefund(
  dependencies: Dependencies,
  input: { slug: string; operatorId: string; correlationId: string },
): Promise<{ purchaseId: string; refundId: string }> {
  if (dependencies.settings.mode === "live") throw testModeOnly();
  const test = await intend(dependencies, input);
  const purchaseId = test.purchaseId ?? (await charge(dependencies, test));
  const refundId = await refund(dependencies, { ...input, test, purchaseId });
  return { purchaseId, refundId };
}

/** The test that is under way, or a new one. */
async function intend(
  dependencies: Dependencies,
  { slug, operatorId, correlationId }: { slug: string; operatorId: string; correlationId: string },
): Promise<TestRefundRow> {
  const { database, clock, random } = dependencies;
  return database.transaction(async (transaction) => {
    const { id: appId, stripeAccountId } = await readAppRow(transaction, slug, { lock: true });
    if (stripeAccountId === null) throw notConnected();
    const open = await readOpen(transaction, {
      appId,
      stripeAccountId,
      since: new Date(clock.now().getTime() - keyLivesMs),
    });
    if (open) return open;
    const id = newId(random, "testRefund");
    const [row] = await transaction
      .insert(testRefunds)
      .values({ id, appId, stripeAccountId, ...price, startedBy: operatorId, startedAt: clock.now() })
      .returning();
    if (row === undefined) throw new Error("unreachable: a row was inserted");
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "test_refund_started",
      correlationId,
      appId,
      details: { testRefundId: id, stripeAccountId, ...price },
    });
    return row;
  });
}

async function readOpen(
  transaction: Transaction,
  { appId, stripeAccountId, since }: { appId: string; stripeAccountId: string; since: Date },
): Promise<TestRefundRow | undefined> {
  const [open] = await transaction
    .select()
    .from(testRefunds)
    .where(
      and(
        eq(testRefunds.appId, appId),
        eq(testRefunds.stripeAccountId, stripeAccountId),
        isNull(testRefunds.refundId),
        gte(testRefunds.startedAt, since),
      ),
    )
    .orderBy(desc(testRefunds.startedAt))
    .limit(1);
  return open;
}

const chargeOfIntent = z.object({ latest_charge: z.looseObject({ id: z.string() }) });

/** Charges the test card whose money is available at once, so that the refund need not wait for it. */
async function charge(dependencies: Dependencies, test: TestRefundRow): Promise<string> {
  const { database, stripe } = dependencies;
  let taken: unknown;
  try {
    const intent = await stripe.paymentIntents.create(
      {
        amount: test.amount,
        currency: test.currency,
        confirm: true,
        payment_method: "pm_card_bypassPending",
        allowed_payment_method_types: ["card"],
        description: "Redress: test of the connection",
        metadata: { product_name: "Test of the connection", order_number: test.id },
        expand: ["latest_charge"],
      },
      { stripeAccount: test.stripeAccountId, idempotencyKey: `test-charge:${test.id}` },
    );
    taken = chargeOfIntent.parse(intent).latest_charge;
  } catch (error) {
    throw await chargeFailed(dependencies, test, error);
  }
  return database.transaction(async (transaction) => {
    const { appId, stripeAccountId: accountId } = test;
    const purchase = await takeInCharge(dependencies, transaction, { appId, accountId, charge: taken });
    if (purchase === null) throw new Error("Stripe took the test card and no money.");
    await transaction
      .update(testRefunds)
      .set({ purchaseId: purchase.purchaseId, error: null })
      .where(eq(testRefunds.id, test.id));
    return purchase.purchaseId;
  });
}

async function chargeFailed({ database }: Dependencies, test: TestRefundRow, cause: unknown) {
  const { kind, message } = classifyStripeError(cause);
  await database.update(testRefunds).set({ error: message }).where(eq(testRefunds.id, test.id));
  if (kind === "refused" || kind === "no_access") {
    return new RedressError("stripe_refused", `Stripe did not take the test card: ${message}`, { cause });
  }
  return new RedressError(
    "stripe_unavailable",
    "Stripe's answer to the test charge did not arrive. Start the test again: no second charge is made.",
    { cause },
  );
}

async function refund(
  dependencies: Dependencies,
  given: { operatorId: string; correlationId: string; test: TestRefundRow; purchaseId: string },
): Promise<string> {
  const { test, purchaseId, operatorId, correlationId } = given;
  const { database } = dependencies;
  // One that a call before this one asked for, and could not note.
  const [asked] = await database
    .select({ id: refunds.id })
    .from(refunds)
    .where(eq(refunds.purchaseId, purchaseId))
    .orderBy(desc(refunds.requestedAt))
    .limit(1);
  const refundId =
    asked?.id ??
    (
      await requestRefund(dependencies, {
        requester: { kind: "operator", id: operatorId },
        purchaseId,
        note: "Test of the connection",
        requestKey: test.id,
        correlationId,
      })
    ).id;
  await database.update(testRefunds).set({ refundId, error: null }).where(eq(testRefunds.id, test.id));
  return refundId;
}

function notConnected(): RedressError {
  return new RedressError("app_not_connected", "This app is not connected to Stripe. Connect it first.");
}

function testModeOnly(): RedressError {
  return new RedressError(
    "test_mode_only",
    "In live mode nothing is charged for a test. Refund a small purchase of your own instead; it takes the same way.",
  );
}
