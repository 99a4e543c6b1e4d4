import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStripeClient } from "../stripe/client.ts";
import { type Between, startBetween } from "../testing/between.ts";
import { askRefund } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { type Attempt, beginAttempt } from "./begin-attempt.ts";
import { createAtStripe } from "./create-at-stripe.ts";
import { executeRefund } from "./execute-refund.ts";
import { getRefund } from "./get-refund.ts";

// One call: what is believed of its answer, and when it is not made at all.
const correlationId = "cor_test";
const onCreate = { method: "POST", path: "/v1/refunds" };
let harness: Harness;
let between: Between;
let app: TestApp;

beforeAll(async () => {
  harness = await startHarness();
  between = await startBetween(harness);
  app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
});
afterAll(async () => {
  await between.close();
  await harness.close();
});

async function started(): Promise<Attempt> {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  const begun = await beginAttempt(harness.dependencies, { refundId: id, correlationId });
  if (typeof begun === "string") throw new Error(begun);
  return begun;
}

test("an accepted call keeps Stripe's facts, and its repetition says that it is one", async () => {
  const { refund } = await started();
  const facts = { kind: "accepted", httpStatus: 200, requestId: expect.stringMatching(/^req_/) };
  expect(await createAtStripe(harness.dependencies, refund)).toMatchObject({ ...facts, replayed: false });
  expect(await createAtStripe(harness.dependencies, refund)).toMatchObject({ ...facts, replayed: true });
});

describe("the lease", () => {
  test.each([
    ["with 20 seconds left it is made", 40_000, 1],
    ["with less it is not", 40_001, 0],
  ])("%s", async (_name, ageMs, made) => {
    const { refund } = await started();
    await harness.advance(ageMs);
    const outcome = await createAtStripe(harness.dependencies, refund);
    expect(outcome.kind).toBe(made === 1 ? "accepted" : "later");
    const { stripeChargeId: chargeId, stripeAccountId: accountId } = refund;
    expect(await harness.stripeRefunds({ chargeId, accountId })).toHaveLength(made);
  });

  test("without one nothing is sent, and nothing is claimed", async () => {
    const { refund } = await started();
    expect(await createAtStripe(harness.dependencies, { ...refund, leaseUntil: null })).toMatchObject({
      kind: "later",
      retryAfterMs: null,
      httpStatus: null,
      replayed: false,
    });
    const { stripeChargeId: chargeId, stripeAccountId: accountId } = refund;
    expect(await harness.stripeRefunds({ chargeId, accountId })).toEqual([]);
  });
});

describe("an answer that is not the refund that was asked for", () => {
  const right = { object: "refund", id: "re_1", amount: 4_000, currency: "eur", created: 1 };
  test.each([
    ["a page of something on the way", (_charge: string) => ({ hello: "world" })],
    ["another amount", (charge: string) => ({ ...right, charge, amount: 3_999 })],
    ["another currency", (charge: string) => ({ ...right, charge, currency: "usd" })],
    ["another charge", (_charge: string) => ({ ...right, charge: "ch_other" })],
  ])("%s: unknown, and somebody is woken", async (_name, answered) => {
    const { refund } = await started();
    const answer = { body: answered(refund.stripeChargeId) };
    between.answer(onCreate, answer, answer);
    expect(await createAtStripe(between.dependencies, refund)).toMatchObject({
      kind: "unknown",
      reason: "unexpected_answer",
      alarm: true,
      storedAnswer: false,
      stripeCode: null,
      httpStatus: 200,
      requestId: "req_between",
    });
    await harness.advance(60_000);
    const { dependencies, alerts } = between;
    expect(await executeRefund(dependencies, { refundId: refund.id, correlationId })).toBe("again");
    expect(alerts).toMatchObject([
      { alert: "stripe_answer_unexpected", refundId: refund.id, reason: "unexpected_answer" },
    ]);
    const { status, outcomeUnknown, attempts } = await getRefund(dependencies, { refundId: refund.id });
    expect({ status, outcomeUnknown }).toEqual({ status: "executing", outcomeUnknown: true });
    expect(attempts.at(-1)).toMatchObject({
      outcome: "unknown",
      errorCode: "unexpected_answer",
      httpStatus: 200,
      stripeRequestId: "req_between",
      errorMessage: expect.stringContaining("not the refund"),
    });
  });

  test("a plain failure of the way wakes nobody", async () => {
    const { refund } = await started();
    await harness.advance(60_000);
    between.answer(onCreate);
    const stripe = createStripeClient({ secretKey: "sk_test_x", apiOrigin: "http://127.0.0.1:1" });
    const deaf = { ...between.dependencies, stripe };
    expect(await executeRefund(deaf, { refundId: refund.id, correlationId })).toBe("again");
    expect(between.alerts).toEqual([]);
  });
});

test("a row without a key is never sent", async () => {
  const { refund } = await started();
  await expect(createAtStripe(harness.dependencies, { ...refund, idempotencyKey: null })).rejects.toThrow();
  const { stripeChargeId: chargeId, stripeAccountId: accountId } = refund;
  expect(await harness.stripeRefunds({ chargeId, accountId })).toEqual([]);
});
