import { apps, purchases, refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readApprovalFacts } from "../approvals/approval-facts.ts";
import { approveRefund } from "../approvals/approve-refund.ts";
import { updateApp } from "../apps/update-app.ts";
import { previewVerdict } from "../policy/preview-verdict.ts";
import { getPurchase } from "../purchases/get-purchase.ts";
import { takeInCharge } from "../purchases/take-in-charge.ts";
import { askRefund, driveRefund, execute, testRequester } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { getRefund } from "./get-refund.ts";

// Whether the platform's fee goes back is part of what was asked for and approved, and is sent just so.
let harness: Harness;
let generous: TestApp;

beforeAll(async () => {
  harness = await startHarness();
  generous = await harness.app({ refundApplicationFee: true });
});
afterAll(() => harness.close());

/** A payment of EUR 100.00 of which this platform takes EUR 10.00. */
async function paidWithFee(app: TestApp): Promise<TestPurchase> {
  const { database, stripe } = harness.dependencies;
  const { accountId, id: appId } = app;
  const intent = await stripe.paymentIntents.create(
    {
      amount: 10_000,
      currency: "eur",
      payment_method: "pm_card_visa",
      allowed_payment_method_types: ["card"],
      confirm: true,
      application_fee_amount: 1_000,
      expand: ["latest_charge"],
    },
    { stripeAccount: accountId },
  );
  const { latest_charge: charge } = intent;
  if (charge === null || typeof charge === "string") throw new Error("the charge was not expanded");
  const taken = await database.transaction((transaction) =>
    takeInCharge(harness.dependencies, transaction, { appId, accountId, charge }),
  );
  if (!taken) throw new Error("the charge took no money");
  return { id: taken.purchaseId, chargeId: charge.id, accountId, appId, amount: 10_000, currency: "eur" };
}

/** What this platform has given back of its fee on a charge, as Stripe says. */
async function feeGivenBack({ chargeId }: TestPurchase): Promise<number> {
  const { data } = await harness.dependencies.stripe.applicationFees.list({ charge: chargeId });
  return data[0]?.amount_refunded ?? 0;
}

const setFee = (app: TestApp, refundApplicationFee: boolean) =>
  updateApp(harness.dependencies, { actor: testRequester, slug: app.slug, refundApplicationFee });

async function approve(refundId: string): Promise<void> {
  const { id: operatorId } = await harness.operator();
  await approveRefund(harness.dependencies, { refundId, operatorId, correlationId: "cor_test" });
}

const parametersOf = async (refundId: string) => {
  const [row] = await harness.dependencies.database.select().from(refunds).where(eq(refunds.id, refundId));
  return row?.stripeParameters;
};

describe("an app that gives the fee back", () => {
  test("has its share go back with a part, and people see so before and after", async () => {
    const purchase = await paidWithFee(generous);
    const fee = { amount: 1_000, currency: "eur", onRefund: "given_back" };
    expect(await getPurchase(harness.dependencies, { purchaseId: purchase.id })).toMatchObject({
      applicationFee: fee,
    });
    const input = { requester: testRequester, purchaseId: purchase.id };
    expect(await previewVerdict(harness.dependencies, input)).toMatchObject({ applicationFee: fee });

    const { id: refundId } = await askRefund(harness, purchase, { amount: 2_500 });
    expect(await readApprovalFacts(harness.dependencies, { refundId })).toMatchObject({
      lines: expect.arrayContaining([
        { label: "Application fee", text: "€10.00 of the payment; its share goes back to the app" },
      ]),
    });
    await approve(refundId);
    expect(await driveRefund(harness, refundId)).toMatchObject({ status: "succeeded", applicationFee: fee });
    expect(await parametersOf(refundId)).toMatchObject({ refund_application_fee: true });
    expect(await feeGivenBack(purchase)).toBe(250);
  });

  test("says nothing of a fee where there is none, or another platform took it", async () => {
    const without = await harness.purchase({ app: generous });
    const foreign = await paidWithFee(generous);
    await harness.dependencies.database
      .update(purchases)
      .set({ stripeApplicationId: "ca_another" })
      .where(eq(purchases.id, foreign.id));
    for (const [purchase, applicationFee] of [
      [without, null],
      [foreign, { amount: 1_000, currency: "eur", onRefund: "kept" }],
    ] as const) {
      const { id: refundId } = await askRefund(harness, purchase);
      await approve(refundId);
      expect(await driveRefund(harness, refundId)).toMatchObject({ status: "succeeded", applicationFee });
      expect(await parametersOf(refundId)).not.toHaveProperty("refund_application_fee");
    }
    expect(await feeGivenBack(foreign)).toBe(0);
  });
});

describe("a setting that changes", () => {
  test.each([
    [true, 1_000],
    [false, 0],
  ])("after the request leaves what was asked with %s as it is, at every retry", async (asked, given) => {
    const app = await harness.app({ refundApplicationFee: asked });
    const purchase = await paidWithFee(app);
    const { id: refundId } = await askRefund(harness, purchase);
    await setFee(app, !asked);
    await approve(refundId);
    await harness.sandbox.admin.addFault({ fault: "drop_before", method: "POST", path: "/v1/refunds" });
    expect(await execute(harness, refundId)).toBe("again");
    const sent = await parametersOf(refundId);
    await setFee(app, asked);
    await setFee(app, !asked);
    expect(await driveRefund(harness, refundId)).toMatchObject({ status: "succeeded" });
    expect(await parametersOf(refundId)).toEqual(sent);
    expect(await feeGivenBack(purchase)).toBe(given);
  });

  test("is refused by the database where a request stands, and where parameters say otherwise", async () => {
    const purchase = await paidWithFee(generous);
    const { id } = await askRefund(harness, purchase);
    const { database } = harness.dependencies;
    const changed = database.update(refunds).set({ refundApplicationFee: false }).where(eq(refunds.id, id));
    await expect(changed).rejects.toMatchObject({ cause: { constraint: "refunds_fee_fixed" } });
    const [app] = await database.select().from(apps).where(eq(apps.id, generous.id));
    expect(app?.refundApplicationFee).toBe(true);
    await approve(id);
    const stripeParameters = { charge: purchase.chargeId, amount: 10_000 };
    const idempotencyKey = `refund:${purchase.id}:${(await getRefund(harness.dependencies, { refundId: id })).approval?.id}`;
    const otherwise = database
      .update(refunds)
      .set({ idempotencyKey, stripeParameters })
      .where(eq(refunds.id, id));
    await expect(otherwise).rejects.toMatchObject({ cause: { constraint: "refunds_parameters_fee" } });
  });
});
