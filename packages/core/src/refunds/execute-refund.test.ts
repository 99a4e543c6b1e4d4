import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { askRefund, driveRefund, execute } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { beginAttempt } from "./begin-attempt.ts";
import { createAtStripe } from "./create-at-stripe.ts";
import { dueRefunds } from "./due-refunds.ts";
import { getRefund } from "./get-refund.ts";

// Invariant 1: for one approval at most one refund exists at Stripe, whatever goes wrong on the way.
let harness: Harness;
let app: TestApp;

beforeAll(async () => {
  harness = await startHarness({ stripeTimeoutMs: 250 });
  app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

const onCreate = { method: "POST", path: "/v1/refunds" };
const faults = [
  "drop_before",
  "drop_after",
  "slow",
  "error_500_stored",
  "error_500_not_stored",
  "error_500_after",
  "rate_limit",
  "lock_timeout",
  "idempotency_key_in_use",
  "invalid_json",
] as const;

describe("a fault on the way ends with one refund at Stripe, and the desk shows it", () => {
  for (const fault of faults) {
    for (const times of [1, 3]) {
      test(`${fault}, ${times} times`, async () => {
        const purchase = await harness.purchase({ app });
        const { id } = await askRefund(harness, purchase, { amount: 4_000 });
        await harness.sandbox.admin.addFault({ fault, times, ...onCreate, delayMs: 600 });
        const first = await execute(harness, id);
        const refund =
          first === "again"
            ? await driveRefund(harness, id)
            : await getRefund(harness.dependencies, { refundId: id });
        const atStripe = await harness.stripeRefunds(purchase);
        expect(atStripe).toMatchObject([{ id: refund.stripeRefundId, amount: 4_000, status: "succeeded" }]);
        expect(refund).toMatchObject({ status: "succeeded", outcomeUnknown: false, nextAttemptAt: null });
        expect(refund.attempts.length).toBeGreaterThan(1);
      });
    }
  }
});

test("any sequence of faults, on reading and writing, ends with one refund for each approval", async () => {
  const fault = fc.record({
    fault: fc.constantFrom(...faults.filter((kind) => kind !== "slow")),
    times: fc.integer({ min: 1, max: 2 }),
    path: fc.constant("/v1/refunds"),
    method: fc.constantFrom("POST", "GET"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 4 }), async (sequence) => {
      const purchase = await harness.purchase({ app });
      const asked = [
        await askRefund(harness, purchase, { amount: 2_500 }),
        await askRefund(harness, purchase, { amount: 2_500 }),
      ];
      for (const one of sequence) await harness.sandbox.admin.addFault(one);
      const refunds = [];
      for (const { id } of asked) refunds.push(await driveRefund(harness, id));
      await harness.sandbox.admin.clearFaults();
      const ids = (await harness.stripeRefunds(purchase)).map(({ id }) => id);
      expect(refunds.map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
      expect(new Set(refunds.map(({ stripeRefundId }) => stripeRefundId))).toEqual(new Set(ids));
      expect(ids).toHaveLength(2);
    }),
    { numRuns: 15, seed: 20_261_123 },
  );
}, 120_000);

test("a timeout is unknown, never failed: the next call has the same key", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase);
  await harness.sandbox.admin.addFault({ fault: "drop_after", ...onCreate });
  expect(await execute(harness, id)).toBe("again");
  const unknown = await getRefund(harness.dependencies, { refundId: id });
  expect(unknown).toMatchObject({ status: "executing", outcomeUnknown: true, stripeRefundId: null });
  expect(unknown.attempts).toMatchObject([{ outcome: "unknown", errorCode: "connection" }]);
  await driveRefund(harness, id);
  const { requests } = await harness.sandbox.admin.ledger();
  const keys = requests
    .filter(
      ({ method, path, account }) => method === "POST" && path === "/v1/refunds" && account === app.accountId,
    )
    .flatMap(({ idempotencyKey }) => (idempotencyKey === unknown.idempotencyKey ? [idempotencyKey] : []));
  expect(keys).toEqual([unknown.idempotencyKey, unknown.idempotencyKey]);
});

test("a crash between the intention and the call is taken up again after the lease", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase);
  // The process dies right after the commit of the intention.
  await beginAttempt(harness.dependencies, { refundId: id, correlationId: "cor_crash" });
  expect(await execute(harness, id)).toBe("again");
  expect(await harness.stripeRefunds(purchase)).toEqual([]);
  expect(await dueRefunds(harness.dependencies)).not.toContain(id);
  await harness.advance(61_000);
  expect(await dueRefunds(harness.dependencies)).toContain(id);
  expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("a crash between the call and its result is repaired by the same key", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 3_000 });
  const begun = await beginAttempt(harness.dependencies, { refundId: id, correlationId: "cor_crash" });
  if (typeof begun === "string") throw new Error(begun);
  // Stripe has it; the process dies before it can write that down.
  await createAtStripe(harness.dependencies, begun.refund);
  await harness.advance(61_000);
  const refund = await driveRefund(harness, id);
  expect(refund.attempts).toMatchObject([{ outcome: null }, { outcome: "accepted", replayed: true }]);
  expect(await harness.stripeRefunds(purchase)).toMatchObject([{ id: refund.stripeRefundId }]);
});

test("twenty workers on one refund make one refund", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase);
  const answers = await Promise.all(Array.from({ length: 20 }, () => execute(harness, id)));
  expect(answers.filter((answer) => answer === "stopped")).toEqual([]);
  expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("without a lease to keep them apart, the key still does", async () => {
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 1_000 });
  const begun = await beginAttempt(harness.dependencies, { refundId: id, correlationId: "cor_race" });
  if (typeof begun === "string") throw new Error(begun);
  const { refund } = begun;
  await Promise.all(Array.from({ length: 8 }, () => createAtStripe(harness.dependencies, refund)));
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});
