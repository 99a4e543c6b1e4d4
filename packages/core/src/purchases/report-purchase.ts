import { purchases } from "@redress/database";
import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import { hashPersonal } from "../audit/hash-personal.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { parseInput } from "../parse-input.ts";

const text = z.string().trim().min(1).max(500);
/** What an app signs and sends. */
export const purchaseReport = z.object({
  type: z.literal("purchase.reported"),
  data: z
    .object({
      stripe_charge_id: text.optional(),
      stripe_payment_intent_id: text.optional(),
      product_name: text.optional(),
      order_number: text.optional(),
      /** The customer's id in the app: tells apart who shares an address. */
      customer_id: text.optional(),
      customer_email: z.email().max(320).optional(),
      customer_name: text.optional(),
    })
    .refine(
      (data) => data.stripe_charge_id !== undefined || data.stripe_payment_intent_id !== undefined,
      "needs stripe_charge_id or stripe_payment_intent_id",
    ),
});
type Reported = z.infer<typeof purchaseReport>["data"];
type PurchaseRow = typeof purchases.$inferSelect;

/**
 * What an app knows better than Stripe about one of its own purchases. Said twice, it changes nothing.
 *
 * @param input.body the verified message: `{ type: "purchase.reported", data: { … } }`
 * @throws RedressError `invalid_input`; `purchase_not_found` while the charge has not arrived: to be repeated
 */
export async function reportPurchase(
  dependencies: Dependencies,
  input: { appId: string; body: unknown; correlationId?: string },
): Promise<{ purchaseId: string }> {
  const { data } = parseInput(purchaseReport, input.body);
  return dependencies.database.transaction(async (transaction) => {
    const [purchase] = await transaction
      .select()
      .from(purchases)
      .where(isReported(input.appId, data))
      .orderBy(desc(purchases.purchasedAt))
      .limit(1)
      .for("no key update");
    if (purchase === undefined) throw purchaseNotFound();
    const after = {
      ...columnsOf(purchase),
      ...columnsOfReport(purchase.erasedAt === null ? data : impersonal(data)),
    };
    const before = columnsOf(purchase);
    if (JSON.stringify(after) === JSON.stringify(before)) return { purchaseId: purchase.id };
    await transaction
      .update(purchases)
      .set({ ...after, updatedAt: dependencies.clock.now() })
      .where(eq(purchases.id, purchase.id));
    await recordAudit(dependencies, transaction, {
      actor: { kind: "app", id: input.appId },
      action: "purchase_reported",
      correlationId: input.correlationId ?? newId(dependencies.random, "correlation"),
      appId: input.appId,
      purchaseId: purchase.id,
      before: audited(purchase.personalSalt, before),
      after: audited(purchase.personalSalt, after),
    });
    return { purchaseId: purchase.id };
  });
}

/** Only the app's own purchases. Several charges may belong to one payment intent: those that took money, one. */
function isReported(appId: string, data: Reported) {
  return and(
    eq(purchases.appId, appId),
    data.stripe_charge_id === undefined ? undefined : eq(purchases.stripeChargeId, data.stripe_charge_id),
    data.stripe_payment_intent_id === undefined
      ? undefined
      : eq(purchases.stripePaymentIntentId, data.stripe_payment_intent_id),
  );
}

type Columns = Pick<
  PurchaseRow,
  "productName" | "orderNumber" | "appCustomerId" | "customerEmail" | "customerName"
>;

function columnsOf(row: Columns): Columns {
  const { productName, orderNumber, appCustomerId, customerEmail, customerName } = row;
  return { productName, orderNumber, appCustomerId, customerEmail, customerName };
}

/** Of somebody who was erased nothing personal is taken in again. */
function impersonal({ product_name, order_number }: Reported): Partial<Reported> {
  return { product_name, order_number };
}

function columnsOfReport(data: Partial<Reported>): Partial<Columns> {
  return {
    ...(data.product_name && { productName: data.product_name }),
    ...(data.order_number && { orderNumber: data.order_number }),
    ...(data.customer_id && { appCustomerId: data.customer_id }),
    ...(data.customer_email && { customerEmail: data.customer_email }),
    ...(data.customer_name && { customerName: data.customer_name }),
  };
}

function audited(salt: string, columns: Columns): Record<string, unknown> {
  const hash = (value: string | null) => (value === null ? null : hashPersonal(salt, value));
  const { customerEmail, customerName, appCustomerId, ...rest } = columns;
  return {
    ...rest,
    appCustomerIdHash: hash(appCustomerId),
    customerEmailHash: hash(customerEmail),
    customerNameHash: hash(customerName),
  };
}

function purchaseNotFound(): RedressError {
  return new RedressError(
    "purchase_not_found",
    "This app has no purchase with this charge or payment intent yet. Report it again in a minute.",
  );
}
