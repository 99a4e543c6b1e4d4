import { auditLogs, notifications, purchases } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { executeRefund } from "../refunds/execute-refund.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { getPurchase } from "./get-purchase.ts";
import { reportAccess } from "./report-access.ts";
import { reportPurchase } from "./report-purchase.ts";

let desk: Harness;
let app: TestApp;
let other: TestApp;
beforeAll(async () => {
  desk = await startHarness();
  app = await desk.app({
    approvalRules: [{ amount: 1_000_000, currency: "eur" }],
    notificationUrl: "https://app.example/redress",
  });
  other = await desk.app();
});
afterAll(() => desk.close());

async function entries(purchase: TestPurchase, action: "purchase_reported" | "notification_done") {
  return desk.dependencies.database
    .select({ actorKind: auditLogs.actorKind, before: auditLogs.before, after: auditLogs.after })
    .from(auditLogs)
    .where(and(eq(auditLogs.purchaseId, purchase.id), eq(auditLogs.action, action)));
}

describe("what an app reports about a purchase", () => {
  const report = (data: object, from = app) =>
    reportPurchase(desk.dependencies, { appId: from.id, body: { type: "purchase.reported", data } });
  const facts = {
    product_name: "Team licence",
    order_number: "R-7",
    customer_id: "user-ada",
    customer_email: "ada@example.com",
    customer_name: "Ada",
  };

  test("is kept, by charge or by payment intent, and audited once without personal data", async () => {
    const purchase = await desk.purchase({ app });
    const { stripePaymentIntentId } = await getPurchase(desk.dependencies, { purchaseId: purchase.id });
    const byIntent = { stripe_payment_intent_id: stripePaymentIntentId, ...facts };
    expect(await report(byIntent)).toEqual({ purchaseId: purchase.id });
    expect(await report({ stripe_charge_id: purchase.chargeId, ...facts })).toEqual({
      purchaseId: purchase.id,
    });
    expect(await getPurchase(desk.dependencies, { purchaseId: purchase.id })).toMatchObject({
      productName: "Team licence",
      orderNumber: "R-7",
      customerEmail: "ada@example.com",
      customerName: "Ada",
      customer: { appCustomerId: "user-ada" },
    });
    const written = await entries(purchase, "purchase_reported");
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({ actorKind: "app", after: { orderNumber: "R-7" } });
    expect(JSON.stringify(written)).not.toMatch(/ada/i);
  });

  test("is not believed about another app's purchase, or one that is not there", async () => {
    const purchase = await desk.purchase({ app });
    const notFound = { code: "purchase_not_found", status: 404 };
    const data = { stripe_charge_id: purchase.chargeId, ...facts };
    await expect(report(data, other)).rejects.toMatchObject(notFound);
    await expect(report({ stripe_charge_id: "ch_nobody", ...facts })).rejects.toMatchObject(notFound);
    expect((await getPurchase(desk.dependencies, { purchaseId: purchase.id })).orderNumber).toBeNull();
  });

  test.each([{}, facts, { stripe_charge_id: "ch_1", customer_email: "nobody" }, { stripe_charge_id: 1 }])(
    "is refused when it is %o",
    async (data) => {
      await expect(report(data)).rejects.toMatchObject({ code: "invalid_input" });
    },
  );
});

describe("what an app reports about access", () => {
  const report = (data: object, from = app) =>
    reportAccess(desk.dependencies, { appId: from.id, body: { type: "access.reported", data } });

  /** A purchase that was refunded in full, and the notification of it. */
  async function told(): Promise<{ purchase: TestPurchase; notificationId: string }> {
    const purchase = await desk.purchase({ app, paymentMethod: "pm_card_bypassPending" });
    const { id: operatorId } = await desk.operator("agent");
    const refund = await requestRefund(desk.dependencies, {
      requester: { kind: "operator", id: operatorId },
      purchaseId: purchase.id,
      correlationId: "cor_test",
    });
    await executeRefund(desk.dependencies, { refundId: refund.id, correlationId: "cor_test" });
    const [row] = await desk.dependencies.database
      .select({ id: notifications.id })
      .from(notifications)
      .where(eq(notifications.refundId, refund.id));
    if (row === undefined) throw new Error("the app was not told");
    return { purchase, notificationId: row.id };
  }
  async function accessOf({ id }: TestPurchase) {
    const rows = await desk.dependencies.database
      .select({ access: purchases.access })
      .from(purchases)
      .where(eq(purchases.id, id));
    return rows[0]?.access;
  }

  test("moves the purchase from told to revoked, once", async () => {
    const { purchase, notificationId } = await told();
    expect(await accessOf(purchase)).toBe("revoke_told");
    const done = { notification_id: notificationId, status: "done" };
    expect(await report(done)).toEqual({ status: "done" });
    expect(await report(done)).toEqual({ status: "done" });
    expect(await accessOf(purchase)).toBe("revoked");
    expect(await entries(purchase, "notification_done")).toMatchObject([{ actorKind: "app" }]);
  });

  test("declined keeps the purchase as not revoked", async () => {
    const { purchase, notificationId } = await told();
    const declined = { notification_id: notificationId, status: "declined", reason: "Company licence" };
    expect(await report(declined)).toEqual({ status: "declined" });
    expect(await accessOf(purchase)).toBe("revoke_told");
  });

  test("is not believed about another app's notification", async () => {
    const { purchase, notificationId } = await told();
    const data = { notification_id: notificationId, status: "done" };
    await expect(report(data, other)).rejects.toMatchObject({ code: "invalid_input" });
    await expect(report({ ...data, notification_id: "ntf_nobody" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await expect(report({ ...data, status: "maybe" })).rejects.toMatchObject({ code: "invalid_input" });
    expect(await accessOf(purchase)).toBe("revoke_told");
  });
});
