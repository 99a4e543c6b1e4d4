import { purchases } from "@redress/database";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { reportPurchase } from "./report-purchase.ts";
import { takeInCharge } from "./take-in-charge.ts";

let desk: Harness;
let app: TestApp;
beforeAll(async () => {
  desk = await startHarness();
  app = await desk.app();
});
afterAll(() => desk.close());

const makeCharge = () =>
  desk.sandbox.admin.createCharge({
    account: app.accountId,
    amount: 4900,
    currency: "eur",
    customer_email: "Ada@Example.com",
    customer_name: "Ada Lovelace",
    description: "Total TypeScript",
    metadata: { order_number: "R-1001", product: "Course" },
    silent: true,
  });
const takeIn = (charge: object, into = app) =>
  desk.dependencies.database.transaction((transaction) =>
    takeInCharge(desk.dependencies, transaction, { appId: into.id, accountId: app.accountId, charge }),
  );
async function rowOf(chargeId: string) {
  const rows = await desk.dependencies.database
    .select()
    .from(purchases)
    .where(eq(purchases.stripeChargeId, chargeId));
  expect(rows).toHaveLength(1);
  return rows[0];
}

// An import that stops at one odd text would never end.
test("texts that were cut in the middle of a character, quotes and line breaks are kept as far as they can be", async () => {
  const charge = await makeCharge();
  const name = 'Zoë "Z" \\ O\'Brien\n🎓';
  await takeIn({
    ...charge,
    description: `Course ${"🎓".slice(0, 1)}`,
    billing_details: { name, email: null },
  });
  expect(await rowOf(charge.id)).toMatchObject({ description: "Course \uFFFD", customerName: name });
});

test("a charge becomes a purchase with the customer and product that support sees", async () => {
  const charge = await makeCharge();
  expect(await takeIn(charge)).toMatchObject({ created: true });
  expect(await takeIn(charge)).toMatchObject({ created: false });
  expect(await rowOf(charge.id)).toMatchObject({
    appId: app.id,
    stripeAccountId: app.accountId,
    livemode: false,
    amountCaptured: 4900,
    currency: "eur",
    customerEmail: "Ada@Example.com",
    customerName: "Ada Lovelace",
    productName: "Course",
    orderNumber: "R-1001",
    description: "Total TypeScript",
    paymentMethodBrand: "visa",
    paymentMethodLast4: "4242",
    purchasedAt: new Date(charge.created * 1000),
  });
});

test("snapshots of a charge in any order and number end in the same purchase", async () => {
  const charge = await makeCharge();
  const snapshots = [
    { ...charge, status: "pending", captured: false, amount_captured: 0 },
    { ...charge, captured: false, amount_captured: 0 },
    { ...charge, amount_captured: 3000, metadata: {}, billing_details: null, receipt_email: null },
    charge,
  ];
  const order = fc.shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 8 });
  await fc.assert(
    fc.asyncProperty(order, async (indexes) => {
      const id = `ch_order_${indexes.join("")}_${fc.hash(JSON.stringify(indexes))}`;
      for (const index of indexes) {
        const taken = await takeIn({ ...snapshots[index], id });
        expect(taken === null).toBe(index < 2);
      }
      expect(await rowOf(id)).toMatchObject({
        amountCaptured: 4900,
        customerEmail: "Ada@Example.com",
        orderNumber: "R-1001",
      });
    }),
    { numRuns: 20, seed: 5 },
  );
});

test("what an app reported is not overwritten by what Stripe knows", async () => {
  const charge = await makeCharge();
  await takeIn(charge);
  const data = { stripe_charge_id: charge.id, product_name: "Total TypeScript, team licence" };
  await reportPurchase(desk.dependencies, { appId: app.id, body: { type: "purchase.reported", data } });
  await takeIn({ ...charge, description: "Changed at Stripe" });
  expect(await rowOf(charge.id)).toMatchObject({
    productName: "Total TypeScript, team licence",
    description: "Changed at Stripe",
  });
});

test("a purchase stays with its app when the account goes to another", async () => {
  const charge = await makeCharge();
  await takeIn(charge);
  await takeIn(charge, await desk.app());
  expect(await rowOf(charge.id)).toMatchObject({ appId: app.id });
});

test("something that is not a charge is refused, and writes nothing", async () => {
  const charge = await makeCharge();
  await expect(takeIn({ ...charge, currency: "EURO" })).rejects.toThrow();
  await expect(takeIn({ id: charge.id })).rejects.toThrow();
  const rows = await desk.dependencies.database
    .select()
    .from(purchases)
    .where(eq(purchases.stripeChargeId, charge.id));
  expect(rows).toEqual([]);
});
