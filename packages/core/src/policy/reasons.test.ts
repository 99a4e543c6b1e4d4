import { refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { driveRefund, testRequester } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { previewVerdict } from "./preview-verdict.ts";
import { setPolicy } from "./set-policy.ts";

// An app's own reasons decide by its rules and reach Stripe as they were when somebody asked, whatever the list says later.
const correlationId = "cor_test";
const arrivedLate = { code: "arrived_late", label: "Arrived late", stripe: null };
const stolen = { code: "card_stolen", label: "Card was stolen", stripe: "fraudulent" };
const rules = [
  {
    when: { reason: ["arrived_late"], amount: [{ currency: "eur", atMost: 5_000 }] },
    verdict: "allow",
  },
];
let harness: Harness;
let app: TestApp;
let admin: string;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app();
  admin = (await harness.operator("admin")).id;
  await give({ rules, reasons: [arrivedLate, stolen] });
});
afterAll(() => harness.close());

const give = (policy: object) =>
  setPolicy(harness.dependencies, {
    actor: { kind: "operator", id: admin },
    owner: { slug: app.slug },
    policy,
  });

async function ask(reason: string | undefined) {
  const purchase = await harness.purchase({ app });
  const money = { amount: 1_000, currency: purchase.currency };
  const request = { requester: testRequester, purchaseId: purchase.id, amount: money, correlationId };
  return { purchase, refund: await requestRefund(harness.dependencies, { ...request, reason }) };
}

test("a rule looks at the app's own code, and Stripe is told what stands for it, or nothing", async () => {
  const late = await ask("arrived_late");
  expect(late.refund).toMatchObject({ status: "approved", reason: "arrived_late" });
  expect(await driveRefund(harness, late.refund.id)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(late.purchase)).toMatchObject([{ reason: null }]);
  const other = await ask("card_stolen");
  expect(other.refund).toMatchObject({ status: "awaiting_approval", reason: "card_stolen" });
});

test("without a reason it is the first of the list; one that is not on it is refused, and nothing is written", async () => {
  expect((await ask(undefined)).refund.reason).toBe("arrived_late");
  const purchase = await harness.purchase({ app });
  const request = { requester: testRequester, purchaseId: purchase.id, reason: "duplicate" };
  const unknown = { code: "reason_unknown", details: { reasons: ["arrived_late", "card_stolen"] } };
  await expect(requestRefund(harness.dependencies, { ...request, correlationId })).rejects.toMatchObject(
    unknown,
  );
  await expect(previewVerdict(harness.dependencies, request)).rejects.toMatchObject(unknown);
  const { database } = harness.dependencies;
  expect(await database.$count(refunds, eq(refunds.purchaseId, purchase.id))).toBe(0);
});

test("what was approved is what Stripe is told, though the list says something else by then", async () => {
  const { purchase, refund } = await ask("card_stolen");
  await give({ rules, reasons: [arrivedLate, { ...stolen, stripe: null }] });
  await approveRefund(harness.dependencies, { refundId: refund.id, operatorId: admin, correlationId });
  expect(await driveRefund(harness, refund.id)).toMatchObject({ status: "succeeded", reason: "card_stolen" });
  expect(await harness.stripeRefunds(purchase)).toMatchObject([{ reason: "fraudulent" }]);
  const change = harness.dependencies.database
    .update(refunds)
    .set({ stripeReason: "none" })
    .where(eq(refunds.id, refund.id));
  await expect(change).rejects.toMatchObject({ cause: { constraint: "refunds_stripe_reason_fixed" } });
});

test("a rule cannot name a reason that nobody can give, and no code is there twice", async () => {
  for (const policy of [
    { rules },
    { rules, reasons: [arrivedLate, arrivedLate] },
    { rules: [], reasons: [] },
  ]) {
    await expect(give(policy)).rejects.toMatchObject({ code: "invalid_input" });
  }
});
