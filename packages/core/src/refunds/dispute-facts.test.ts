import { auditLogs, purchases } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Between, startBetween } from "../testing/between.ts";
import { askRefund } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestPurchase } from "../testing/harness.ts";
import { disputeFacts, isClosed } from "./dispute-facts.ts";
import { executeRefund } from "./execute-refund.ts";
import { getRefund } from "./get-refund.ts";
import { noteDispute } from "./note-dispute.ts";

// One rule says whether a dispute keeps refunds from running, whoever asks: the webhook, the call or the
// hourly judgement. A dispute that nobody can read is neither open nor gone.
const dispute = (status: string, is_charge_refundable: boolean) => ({ status, is_charge_refundable });

test.each([
  ["needs_response", false, true],
  ["lost", false, true],
  ["warning_needs_response", true, false],
  ["won", true, false],
  ["won", false, false],
  ["warning_closed", false, false],
  ["prevented", false, false],
])("%s, refundable %s: blocks %s", (status, isRefundable, blocksRefunds) => {
  expect(disputeFacts([dispute(status, isRefundable)])).toEqual({ status, blocksRefunds, dueAt: null });
});

test("an older one that is open blocks beside a newer one that is closed", () => {
  expect(disputeFacts([dispute("won", true), dispute("needs_response", false)])).toEqual({
    status: "won",
    blocksRefunds: true,
    dueAt: null,
  });
});

test.each([
  ["lost", true],
  ["won", true],
  ["warning_closed", true],
  ["prevented", true],
  ["needs_response", false],
  ["under_review", false],
  ["warning_needs_response", false],
  [null, false],
])("%s is closed for good: %s", (status, closed) => {
  expect(isClosed(status)).toBe(closed);
});

describe("the hourly judgement", () => {
  const correlationId = "cor_test";
  const hour = 60 * 60 * 1000;
  const onDisputes = { method: "GET", path: "/v1/disputes" };
  let harness: Harness;
  let between: Between;
  beforeAll(async () => {
    harness = await startHarness();
    between = await startBetween(harness);
  });
  beforeEach(() => harness.sandbox.admin.clearFaults());
  afterAll(async () => {
    await between.close();
    await harness.close();
  });

  const execute = (refundId: string) => executeRefund(between.dependencies, { refundId, correlationId });
  const detail = (refundId: string) => getRefund(harness.dependencies, { refundId });
  async function purchaseRow({ id }: TestPurchase) {
    const { database } = harness.dependencies;
    const [row] = await database.select().from(purchases).where(eq(purchases.id, id));
    return row;
  }

  /** Stripe refuses it because of a dispute, of which nothing else can be learnt. */
  async function refusedUnread() {
    const app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund(harness, purchase, { amount: 4_000 });
    const error = { type: "invalid_request_error", code: "charge_disputed", message: "Stripe's sentence." };
    between.answer({ method: "POST", path: "/v1/refunds" }, { status: 400, body: { error } });
    await harness.sandbox.admin.addFault({ fault: "drop_before", ...onDisputes });
    expect(await execute(id)).toBe("stopped");
    expect(await purchaseRow(purchase)).toMatchObject({ disputeStatus: null, refundsBlockedByDispute: true });
    await harness.sandbox.admin.clearFaults();
    await harness.advance(hour);
    return { id, purchase };
  }

  test("frees a refund whose dispute was won, also where Stripe keeps the charge's flag", async () => {
    const { id, purchase } = await refusedUnread();
    const won = { id: "du_1", object: "dispute", charge: purchase.chargeId, ...dispute("won", false) };
    const list = { object: "list", data: [won], has_more: false, url: "/v1/disputes" };
    between.answer(onDisputes, { body: list });
    await execute(id);
    expect(await purchaseRow(purchase)).toMatchObject({
      disputeStatus: "won",
      refundsBlockedByDispute: false,
    });
    await execute(id);
    expect(await detail(id)).toMatchObject({ status: "succeeded" });
  });

  test("frees it when Stripe has no dispute", async () => {
    const { id, purchase } = await refusedUnread();
    await execute(id);
    expect(await purchaseRow(purchase)).toMatchObject({
      disputeStatus: null,
      refundsBlockedByDispute: false,
    });
    await execute(id);
    expect(await detail(id)).toMatchObject({ status: "succeeded" });
  });

  test("leaves it blocked when Stripe cannot be asked", async () => {
    const { id, purchase } = await refusedUnread();
    await harness.sandbox.admin.addFault({ fault: "drop_before", ...onDisputes });
    await execute(id);
    expect(await purchaseRow(purchase)).toMatchObject({ refundsBlockedByDispute: true });
    expect(await detail(id)).toMatchObject({ status: "blocked", blockedCode: "dispute_open" });
  });

  test("that finds a dispute as it was is no news: the log says it once", async () => {
    const { database } = harness.dependencies;
    const { id } = await harness.purchase({ app: await harness.app() });
    const facts = { status: "needs_response", blocksRefunds: true, dueAt: null };
    for (const blocksRefunds of [true, true, false, false]) {
      await database.transaction(async (transaction) => {
        const [purchase] = await transaction.select().from(purchases).where(eq(purchases.id, id));
        if (!purchase) throw new Error("no purchase");
        const dispute = { ...facts, blocksRefunds };
        await noteDispute(harness.dependencies, transaction, { purchase, dispute, correlationId });
      });
    }
    const entries = await database.select().from(auditLogs).where(eq(auditLogs.purchaseId, id));
    const changes = entries.filter(({ action }) => action === "dispute_changed");
    expect(changes.map(({ after }) => after?.refundsBlockedByDispute)).toEqual([true, false]);
  });
});
