import { outboxMessages } from "@redress/database";
import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { getApp } from "../apps/get-app.ts";
import { getRefund } from "../refunds/get-refund.ts";
import { testAgent } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { type ProcessRefundInput, processRefund } from "./process-refund.ts";

// R1, R5: what an agent that calls the tool is told.
let harness: Harness;
let app: TestApp;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app({ approvalRules: [{ amount: 20_000, currency: "eur" }] });
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

const run = (input: ProcessRefundInput, approvalId?: string) =>
  processRefund(harness.dependencies, input, {
    requester: testAgent,
    approvalId,
    correlationId: "cor_tool",
  });

test("within the rule it refunds at once: id, amount, status and charge", async () => {
  const purchase = await harness.purchase({ app });
  const answer = await run({ purchaseId: purchase.id });
  const [atStripe] = await harness.stripeRefunds(purchase);
  expect(answer).toEqual({
    refundId: expect.stringMatching(/^rfd_/),
    stripeRefundId: atStripe?.id,
    amount: 10_000,
    currency: "eur",
    status: "succeeded",
    charge: purchase.chargeId,
    message: "€100.00 was refunded.",
  });
  expect(atStripe).toMatchObject({ amount: 10_000, reason: "requested_by_customer" });
});

test("the workflow keeps back while the call runs the refund, so that the call hears the outcome", async () => {
  const purchase = await harness.purchase({ app });
  const askedAt = harness.clock.now();
  const { refundId } = await run({ purchaseId: purchase.id });
  const queued = await harness.dependencies.database
    .select({ sendAt: outboxMessages.sendAt })
    .from(outboxMessages)
    .where(
      sql`${outboxMessages.name} = 'refund/execution.due' and ${outboxMessages.data}->>'refundId' = ${refundId}`,
    );
  expect(queued).toEqual([{ sendAt: new Date(askedAt.getTime() + 20_000) }]);
});

test("what is to be tried again is queued for the moment that the caller is told", async () => {
  const purchase = await harness.purchase({ app });
  await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
  const { refundId, nextAttemptAt } = await run({ purchaseId: purchase.id });
  const queued = await harness.dependencies.database
    .select({ sendAt: outboxMessages.sendAt })
    .from(outboxMessages)
    .where(eq(outboxMessages.factKey, `refund-execution:${refundId}:${nextAttemptAt?.getTime()}`));
  expect(queued).toEqual([{ sendAt: nextAttemptAt }]);
});

test("the same request id ten times at once refunds once", async () => {
  const purchase = await harness.purchase({ app });
  const input = { purchaseId: purchase.id, amount: 1_000, requestId: "order-77" };
  const answers = await Promise.all(Array.from({ length: 10 }, () => run(input)));
  expect(new Set(answers.map(({ refundId }) => refundId)).size).toBe(1);
  expect(await run(input)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("a request id that would stand for a click on a proposal is refused, and nothing is asked for", async () => {
  const purchase = await harness.purchase({ app });
  await expect(run({ purchaseId: purchase.id, requestId: "proposal:prp_1" })).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining("Choose another key"),
  });
  expect(await harness.stripeRefunds(purchase)).toEqual([]);
});

test("above the rule it waits for a person, and with their approval it runs", async () => {
  const strict = await harness.app();
  const purchase = await harness.purchase({ app: strict });
  const asked = await run({ purchaseId: purchase.id, amount: 2_000, reason: "duplicate" });
  expect(asked).toMatchObject({ status: "awaiting_approval", stripeRefundId: null });
  expect(await harness.stripeRefunds(purchase)).toEqual([]);
  const operatorId = (await harness.operator("approver")).id;
  const { approval } = await approveRefund(harness.dependencies, {
    refundId: asked.refundId,
    operatorId,
    correlationId: "cor_tool",
  });
  const wrong = run({ purchaseId: purchase.id, amount: 2_001 }, approval?.id);
  await expect(wrong).rejects.toMatchObject({ code: "approval_missing" });
  const answers = [
    await run({ purchaseId: purchase.id, amount: 2_000 }, approval?.id),
    await run({ purchaseId: purchase.id }, approval?.id),
  ];
  expect(answers.map(({ status, refundId }) => [status, refundId])).toEqual([
    ["succeeded", asked.refundId],
    ["succeeded", asked.refundId],
  ]);
  expect(await harness.stripeRefunds(purchase)).toMatchObject([{ amount: 2_000, reason: "duplicate" }]);
});

test("all that is left, in a currency that is not the purchase's, refunds nothing", async () => {
  const purchase = await harness.purchase({ app });
  await expect(run({ purchaseId: purchase.id, currency: "usd" })).rejects.toMatchObject({
    code: "currency_mismatch",
  });
  expect(await harness.stripeRefunds(purchase)).toEqual([]);
});

test("an approval that does not exist runs nothing", async () => {
  const purchase = await harness.purchase({ app });
  await expect(run({ purchaseId: purchase.id }, "apr_invented")).rejects.toMatchObject({
    code: "approval_missing",
  });
  expect(await harness.stripeRefunds(purchase)).toEqual([]);
});

test("refunded in the Dashboard before: alreadyRefunded, and the foreign refund has a row", async () => {
  const purchase = await harness.purchase({ app });
  await harness.dependencies.stripe.refunds.create(
    { charge: purchase.chargeId },
    { stripeAccount: purchase.accountId },
  );
  const first = await run({ purchaseId: purchase.id });
  expect(first).toMatchObject({ status: "refused", alreadyRefunded: true, stripeRefundId: null });
  const [atStripe] = await harness.stripeRefunds(purchase);
  expect(await run({ purchaseId: purchase.id })).toMatchObject({
    alreadyRefunded: true,
    status: "succeeded",
    stripeRefundId: atStripe?.id,
  });
});

test("no access: said in Stripe's terms, and the app is shown as disconnected", async () => {
  const lost = await harness.app({ approvalRules: [{ amount: 20_000, currency: "eur" }] });
  const purchase = await harness.purchase({ app: lost });
  await harness.sandbox.admin.revokeAccount(lost.accountId);
  await expect(run({ purchaseId: purchase.id })).rejects.toMatchObject({
    code: "not_authorized_to_refund",
    message: "Not authorized to refund this account",
    details: { status: "blocked" },
  });
  expect(await getApp(harness.dependencies, { slug: lost.slug })).toMatchObject({
    connection: null,
    disconnected: { reason: "access_lost" },
  });
});

test("an unknown outcome is not a failure: the agent is told not to ask again", async () => {
  const purchase = await harness.purchase({ app });
  await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
  const answer = await run({ purchaseId: purchase.id });
  expect(answer).toMatchObject({ status: "executing", stripeRefundId: null });
  expect(answer.message).toContain("do not ask for another refund");
  expect(answer.message).toMatch(/It is asked again in [12] seconds?, safely/);
  const { nextAttemptAt } = await getRefund(harness.dependencies, { refundId: answer.refundId });
  expect(nextAttemptAt).toBeInstanceOf(Date);
  expect(answer.nextAttemptAt).toEqual(nextAttemptAt);
});

test("what Stripe puts off is said to be put off, with when it is asked again", async () => {
  const purchase = await harness.purchase({ app });
  await harness.sandbox.admin.addFault({ fault: "rate_limit", method: "POST", path: "/v1/refunds" });
  const answer = await run({ purchaseId: purchase.id });
  expect(answer.message).toMatch(/^Stripe has put off the refund of €100\.00\. It is asked again in \d+ sec/);
});

test("a final refusal carries Stripe's reason", async () => {
  const purchase = await harness.purchase({ app });
  await harness.dependencies.stripe.refunds.create(
    { charge: purchase.chargeId, amount: 9_000 },
    { stripeAccount: purchase.accountId },
  );
  const answer = await run({ purchaseId: purchase.id, amount: 5_000 });
  expect(answer).toMatchObject({ status: "refused" });
  expect(answer.message).toContain("greater than unrefunded amount");
});

test.each([
  [{ purchaseId: "" }],
  [{ purchaseId: "pur_1", amount: 0 }],
  [{ purchaseId: "pur_1", amount: 1.5 }],
  [{ purchaseId: "pur_1", currency: "euro" }],
  [{ purchaseId: "pur_1", note: " " }],
  [{ purchaseId: "pur_1", stripeAccount: "acct_other" }],
])("%o is refused as input", async (input) => {
  await expect(run(input)).rejects.toMatchObject({ code: "invalid_input" });
});
