import { purchases, refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { askRefund, execute, untilDue as moveUntilDue } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { getRefund } from "./get-refund.ts";
import { settleRefund } from "./settle-refund.ts";
import { supersedeRefund } from "./supersede-refund.ts";

export const hour = 60 * 60 * 1000;
export const onCreate = { method: "POST", path: "/v1/refunds" } as const;
export const amount = 4_000;
export const correlationId = "cor_replaced";
export let harness: Harness;
export let app: TestApp;
let operator: { id: string };

/** A desk with one app, whose rule permits every refund of these tests. */
export async function openDesk(): Promise<void> {
  harness = await startHarness({ stripeTimeoutMs: 1_000 });
  harness.dependencies.logger.error = () => {};
  app = await harness.app({ approvalRules: [{ amount: 1_000_000, currency: "eur" }] });
  operator = await harness.operator("approver");
}

export const detail = (refundId: string) => getRefund(harness.dependencies, { refundId });
export const supersede = (refundId: string) =>
  supersedeRefund(harness.dependencies, { refundId, operatorId: operator.id, correlationId });

export async function rowOf(refundId: string) {
  const [row] = await harness.dependencies.database.select().from(refunds).where(eq(refunds.id, refundId));
  if (!row) throw new Error("no row");
  return row;
}

export const untilDue = (refundId: string) => moveUntilDue(harness, refundId);

/** Until Stripe has repeated its stored error and a look-up has found nothing. */
export async function stick(refundId: string): Promise<void> {
  await harness.sandbox.admin.addFault({ fault: "error_500_stored", ...onCreate });
  for (let step = 0; step < 3; step += 1) {
    await execute(harness, refundId);
    await untilDue(refundId);
  }
  await harness.sandbox.admin.clearFaults();
}

export async function setDispute(
  refundId: string,
  dispute: Pick<typeof purchases.$inferInsert, "disputeStatus" | "refundsBlockedByDispute">,
): Promise<void> {
  const { purchaseId } = await rowOf(refundId);
  await harness.dependencies.database.update(purchases).set(dispute).where(eq(purchases.id, purchaseId));
}

/** Refunds of which each replaces the one before; the last one is approved and has not called. */
export async function chainOf(purchase: TestPurchase, replacements: number): Promise<string[]> {
  const chain = [(await askRefund(harness, purchase, { amount })).id];
  for (let count = 0; count < replacements; count += 1) {
    const last = chain.at(-1) ?? "";
    await stick(last);
    chain.push((await supersede(last)).id);
  }
  return chain;
}

/** Stripe makes the refund after all, and its webhook tells. */
export async function surface({ chargeId: charge }: TestPurchase, refundId: string): Promise<void> {
  const stripeRefund = await harness.dependencies.stripe.refunds.create(
    { charge, amount, metadata: { redress_refund_id: refundId } },
    { stripeAccount: app.accountId },
  );
  const news = { stripeRefund, accountId: app.accountId, source: "stripe_webhook", fresh: false } as const;
  await settleRefund(harness.dependencies, { ...news, correlationId });
}

/** Steps it for two days, more often than it is due. */
export async function live(refundId: string): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    if ((await execute(harness, refundId)) !== "again") break;
    await untilDue(refundId);
    if (step > 20) await harness.advance(2 * hour);
  }
}
