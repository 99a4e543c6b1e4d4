import { apps, auditLogs, purchases, refunds, refundVerdicts } from "@redress/database";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allowedUntilAge } from "../policy/allowed-until.ts";
import { judge } from "../policy/judge.ts";
import { anyFacts, anyPolicy } from "../policy/policy.fixture.ts";
import type { Rule } from "../policy/policy-document.ts";
import { setPolicy } from "../policy/set-policy.ts";
import { askRefund, testAgent } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestPurchase } from "../testing/harness.ts";
import { processRefund } from "./process-refund.ts";
import { getRefundPolicy } from "./refund-policy.ts";

// What an agent is told before it asks is what it then gets.
const dayMs = 24 * 60 * 60 * 1000;
const actor = { kind: "operator", id: "opr_admin" } as const;
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

async function ruledApp() {
  const app = await harness.app();
  const amount = (atMost: number) => [{ currency: "eur", atMost }];
  const rules = [
    { verdict: "refuse", reason: "Only within 30 days.", when: { ageInDays: { above: 30 } } },
    { verdict: "allow", when: { amount: amount(2_000), ageInDays: { atMost: 14 } } },
    { verdict: "ask", role: "admin", when: { amount: amount(100_000) } },
  ];
  await setPolicy(harness.dependencies, { actor, owner: app, policy: { rules } });
  return app;
}

const foresee = (purchase: TestPurchase, amount?: number) =>
  getRefundPolicy(harness.dependencies, { purchaseId: purchase.id, amount }, { requester: testAgent });
const set = (purchase: TestPurchase, values: Partial<typeof purchases.$inferInsert>) =>
  harness.dependencies.database.update(purchases).set(values).where(eq(purchases.id, purchase.id));
const process = (purchase: TestPurchase, amount: number) =>
  processRefund(
    harness.dependencies,
    { purchaseId: purchase.id, amount },
    { requester: testAgent, correlationId: "cor_test" },
  );

test("what is allowed is so until the day that a rule names, and is then made", async () => {
  const purchase = await harness.purchase({ app: await ruledApp() });
  const purchasedAt = new Date(harness.dependencies.clock.now().getTime() - 3 * dayMs);
  await set(purchase, { purchasedAt });
  expect(await foresee(purchase, 2_000)).toMatchObject({
    verdict: "allow",
    amount: 2_000,
    amountLeft: 10_000,
    until: new Date(purchasedAt.getTime() + 14 * dayMs),
    blocked: null,
    message: expect.stringContaining("allows a refund of €20.00 until"),
  });
  const made = await process(purchase, 2_000);
  expect(made.status).toBe("succeeded");
  expect(await foresee(purchase, 2_000)).toMatchObject({
    verdict: "repeated",
    refundId: made.refundId,
    amountLeft: 8_000,
  });
  const another = { purchaseId: purchase.id, amount: 2_000, inAdditionTo: [made.refundId] };
  expect(await getRefundPolicy(harness.dependencies, another, { requester: testAgent })).toMatchObject({
    // With what policy let out before it is above the rule's limit.
    verdict: "ask",
    role: "admin",
  });
});

test("what a person decides names whom it needs, what is refused the reason for the customer", async () => {
  const purchase = await harness.purchase({ app: await ruledApp() });
  expect(await foresee(purchase)).toMatchObject({
    verdict: "ask",
    approvers: 1,
    role: "admin",
    amount: 10_000,
    why: "Rule 3 asks an admin.",
  });
  await set(purchase, { purchasedAt: new Date(harness.dependencies.clock.now().getTime() - 31 * dayMs) });
  expect(await foresee(purchase)).toMatchObject({ verdict: "refuse", reason: "Only within 30 days." });
  expect(await process(purchase, 500)).toMatchObject({ status: "rejected" });
});

test("a dispute and a lost connection are told beside the verdict", async () => {
  const app = await ruledApp();
  const purchase = await harness.purchase({ app });
  await set(purchase, { refundsBlockedByDispute: true });
  expect(await foresee(purchase, 100)).toMatchObject({ verdict: "allow", blocked: { code: "dispute_open" } });
  await harness.dependencies.database
    .update(apps)
    .set({
      stripeAccountId: null,
      stripeLivemode: null,
      stripeScope: null,
      connectedAt: null,
      connectedBy: null,
    })
    .where(eq(apps.id, app.id));
  expect(await foresee(purchase, 100)).toMatchObject({ blocked: { code: "account_disconnected" } });
});

test("it throws what asking would, and writes nothing", async () => {
  const purchase = await harness.purchase({ app: await ruledApp() });
  const { database } = harness.dependencies;
  const count = async () => [
    await database.$count(refunds),
    await database.$count(refundVerdicts),
    await database.$count(auditLogs),
  ];
  const before = await count();
  await expect(foresee(purchase, 10_001)).rejects.toMatchObject({ code: "amount_exceeds_remaining" });
  const inDollars = { purchaseId: purchase.id, amount: 1, currency: "usd" };
  await expect(
    getRefundPolicy(harness.dependencies, inDollars, { requester: testAgent }),
  ).rejects.toMatchObject({ code: "currency_mismatch" });
  await foresee(purchase);
  expect(await count()).toEqual(before);
  await askRefund(harness, purchase, { amount: 5_000, requester: testAgent });
  await expect(foresee(purchase, 1)).rejects.toMatchObject({ code: "request_open" });
});

test("until the age that is named the rules allow it, and a moment later they do not", () => {
  let ended = 0;
  fc.assert(
    fc.property(anyPolicy, anyFacts, fc.integer({ min: 1, max: 6 }), ({ rules }, facts, atMost) => {
      const byAge: Rule = { verdict: "allow", when: { ageInDays: { atMost } } };
      const policy = { rules: [...rules.slice(0, 2), byAge, ...rules.slice(2)], budgets: [] };
      const age = allowedUntilAge(policy, facts);
      if (age === null) return;
      ended += 1;
      expect(age).toBeGreaterThanOrEqual(facts.ageMs);
      expect(judge(policy, { ...facts, ageMs: age }).kind).toBe("allow");
      expect(judge(policy, { ...facts, ageMs: age + 1 }).kind).not.toBe("allow");
    }),
    { numRuns: 1_000 },
  );
  expect(ended).toBeGreaterThan(20);
});
