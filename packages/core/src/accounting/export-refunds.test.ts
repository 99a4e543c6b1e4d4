import { purchases, refundMovements, refunds } from "@redress/database";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { getBulk } from "../bulk/bulk-view.ts";
import { approveBulk } from "../bulk/decide-bulk.ts";
import { prepareList } from "../bulk/prepare-list.ts";
import { requestBulk } from "../bulk/request-bulk.ts";
import { runBulk } from "../bulk/run-bulk.ts";
import { setPolicy } from "../policy/set-policy.ts";
import { takeInCharge } from "../purchases/take-in-charge.ts";
import { settleRefund } from "../refunds/settle-refund.ts";
import { askRefund, driveRefund, execute, testRequester } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { exportRefunds, type RefundExport } from "./export-refunds.ts";
import { readMovements } from "./read-movements.ts";

// Guarantee: each refund that moved money stands in the export once for each way it moved, with what Stripe booked, and
// what was exported of a month stays so.
let harness: Harness;
let app: TestApp;
const dayMs = 86_400_000;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app({ slug: "books", refundApplicationFee: true, approvalRules: limits });
});
afterAll(() => harness.close());

const limits = ["eur", "jpy", "kwd", "usd"].map((currency) => ({ amount: 20_000, currency }));

async function linesOf(input: Partial<RefundExport> = {}): Promise<Record<string, string>[]> {
  let text = "";
  for await (const piece of exportRefunds(harness.dependencies, { appIds: [app.id], ...input }))
    text += piece;
  const [head = [], ...rows] = parse(text);
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ""])));
}

/** RFC 4180, as a spreadsheet reads it. */
function parse(text: string): string[][] {
  return text
    .trimEnd()
    .split("\r\n")
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
      ),
    );
}

async function refunded(options: { purchase?: TestPurchase; amount?: number } = {}) {
  const purchase = options.purchase ?? (await harness.purchase({ app }));
  const { id } = await askRefund(harness, purchase, { amount: options.amount ?? 2_500 });
  return { purchase, refund: await driveRefund(harness, id) };
}

const lineOf = async (refundId: string) =>
  (await linesOf()).filter(({ refund_id }) => refund_id === refundId);

/** EUR 100.00 of which the platform takes EUR 10.00. */
async function paidWithFee(): Promise<TestPurchase> {
  const { database, stripe } = harness.dependencies;
  const { accountId, id: appId } = app;
  const { latest_charge: charge } = await stripe.paymentIntents.create(
    {
      amount: 10_000,
      currency: "eur",
      payment_method: "pm_card_bypassPending",
      allowed_payment_method_types: ["card"],
      confirm: true,
      application_fee_amount: 1_000,
      expand: ["latest_charge"],
    },
    { stripeAccount: accountId },
  );
  if (charge === null || typeof charge === "string") throw new Error("the charge was not expanded");
  const taken = await database.transaction((transaction) =>
    takeInCharge(harness.dependencies, transaction, { appId, accountId, charge }),
  );
  if (!taken) throw new Error("the charge took no money");
  return { id: taken.purchaseId, chargeId: charge.id, accountId, appId, amount: 10_000, currency: "eur" };
}

test("a refund has its line at once, and what Stripe booked once it was read: fee, platform's fee and net", async () => {
  const { purchase, refund } = await refunded({ purchase: await paidWithFee() });
  const [early] = await lineOf(refund.id);
  expect(early).toMatchObject({ amount_minor: "-2500", amount: "-25.00", net: "", balance_currency: "" });
  expect(await readMovements(harness.dependencies)).toBe(1);
  const { stripe } = harness.dependencies;
  const stripeAccount = purchase.accountId;
  const atStripe = await stripe.refunds.retrieve(
    refund.stripeRefundId ?? "",
    { expand: ["balance_transaction"] },
    { stripeAccount },
  );
  const booked = atStripe.balance_transaction;
  if (booked === null || booked === undefined || typeof booked === "string") throw new Error("not expanded");
  expect(booked.net).toBe(-2_250);
  expect(await lineOf(refund.id)).toEqual([
    {
      kind: "refund",
      booked_at: new Date(booked.created * 1000).toISOString(),
      app: "books",
      refund_id: refund.id,
      stripe_account_id: purchase.accountId,
      stripe_refund_id: refund.stripeRefundId,
      stripe_charge_id: purchase.chargeId,
      stripe_balance_transaction_id: booked.id,
      status: "succeeded",
      currency: "eur",
      amount_minor: "-2500",
      amount: "-25.00",
      balance_currency: "eur",
      balance_amount_minor: "-2500",
      balance_amount: "-25.00",
      fee_minor: "0",
      fee: "0.00",
      application_fee_refunded_minor: "250",
      application_fee_refunded: "2.50",
      net_minor: "-2250",
      net: "-22.50",
      available_on: new Date(booked.available_on * 1000).toISOString(),
      product: "",
      order_number: "",
      reason: "requested_by_customer",
      failure_reason: "",
      origin: "redress",
      requested_at: refund.requestedAt.toISOString(),
      requested_by: "opr_owner",
      decided_at: refund.approval?.decidedAt.toISOString(),
      decided_by: "policy",
    },
  ]);
  // Nothing is left to ask.
  expect(await readMovements(harness.dependencies)).toBe(0);
});

test("one that fails weeks later comes back as a line of its own, in its own month, and the first stays", async () => {
  const { purchase, refund } = await refunded();
  await readMovements(harness.dependencies);
  const [before] = await lineOf(refund.id);
  await harness.advance(31 * dayMs);
  const failed = await harness.sandbox.admin.advanceRefund(refund.stripeRefundId ?? "", {
    account: purchase.accountId,
    status: "failed",
    failure_reason: "expired_or_canceled_card",
  });
  await settleRefund(harness.dependencies, {
    stripeRefund: failed,
    accountId: purchase.accountId,
    source: "stripe_webhook",
    correlationId: "evt_test",
    fresh: false,
  });
  await readMovements(harness.dependencies);
  const lines = await lineOf(refund.id);
  expect(lines).toEqual([
    { ...before, status: "failed", failure_reason: "expired_or_canceled_card" },
    expect.objectContaining({
      kind: "failure",
      amount: "25.00",
      net: "25.00",
      stripe_balance_transaction_id: expect.stringMatching(/^txn_/),
    }),
  ]);
  const months = lines.map(({ booked_at = "" }) => booked_at.slice(0, 7));
  expect(new Set(months).size).toBe(2);
  for (const [index, month] of months.entries()) {
    const inMonth = (await linesOf({ month })).filter(({ refund_id }) => refund_id === refund.id);
    expect(inMonth).toEqual([lines[index]]);
  }
});

test("while Stripe does not answer it is asked again later, and later each time; nothing is lost", async () => {
  const { refund } = await refunded();
  const broken = {
    ...harness.dependencies,
    stripe: Object.create(harness.dependencies.stripe, {
      refunds: { value: { retrieve: () => Promise.reject(new Error("no network")) } },
    }),
  };
  const waits: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    expect(await readMovements(broken)).toBe(1);
    const [row] = await harness.dependencies.database
      .select()
      .from(refundMovements)
      .where(eq(refundMovements.refundId, refund.id));
    const wait = (row?.dueAt?.getTime() ?? 0) - harness.clock.now().getTime();
    waits.push(wait / 60_000);
    expect(await readMovements(broken)).toBe(0);
    await harness.advance(wait);
  }
  expect(waits).toEqual([2, 4, 8]);
  expect((await lineOf(refund.id))[0]).toMatchObject({ net: "" });
  expect(await readMovements(harness.dependencies)).toBe(1);
  expect((await lineOf(refund.id))[0]).toMatchObject({ net: "-25.00" });
});

test("a refund of the merchant's own is in it, and who asked and decided on others", async () => {
  const purchase = await harness.purchase({ app });
  const { accountId: stripeAccount, chargeId: charge } = purchase;
  const made = await harness.dependencies.stripe.refunds.create({ charge, amount: 300 }, { stripeAccount });
  const { refundId } = await settleRefund(harness.dependencies, {
    stripeRefund: made,
    accountId: stripeAccount,
    source: "stripe_webhook",
    correlationId: "evt_test",
    fresh: false,
  });
  expect(await lineOf(refundId ?? "")).toMatchObject([
    { origin: "stripe", requested_by: "Stripe Dashboard", decided_by: "", amount: "-3.00" },
  ]);
  const [asker, decider] = [await harness.operator("agent"), await harness.operator("approver")];
  const large = await harness.purchase({ app, amount: 50_000 });
  const requester = { kind: "operator", id: asker.id } as const;
  const { id } = await askRefund(harness, large, { amount: 30_000, requester });
  await approveRefund(harness.dependencies, {
    refundId: id,
    operatorId: decider.id,
    correlationId: "cor_test",
  });
  await execute(harness, id);
  expect(await lineOf(id)).toMatchObject([
    { requested_by: `Operator ${asker.id.slice(-4)}`, decided_by: `Operator ${decider.id.slice(-4)}` },
  ]);
});

test("a refund of a list names all who approved the list, in their order", async () => {
  const { dependencies } = harness;
  const two = await harness.app();
  const rules = [{ when: {}, verdict: "ask", approvers: 2 }];
  const actor = { kind: "operator", id: "opr_admin" } as const;
  await setPolicy(dependencies, { actor, owner: two, policy: { rules } });
  const { id: purchase } = await harness.purchase({ app: two });
  const asked = await requestBulk(dependencies, {
    ...{ appId: two.id, source: { kind: "rows" as const, rows: [{ purchase }] } },
    ...{ requester: testRequester, correlationId: "cor_test" },
  });
  await prepareList(dependencies, { ...asked, forMs: 60_000, correlationId: "cor_test" });
  const { listHash } = await getBulk(dependencies, asked);
  const people = [await harness.operator("approver"), await harness.operator("approver")];
  for (const { id: operatorId } of people) {
    const decision = { operatorId, listHash: listHash ?? "", correlationId: "cor_test" };
    await approveBulk(dependencies, { ...asked, ...decision });
    await harness.advance(1_000);
  }
  const pause = (ms: number) => harness.advance(ms);
  await runBulk(dependencies, { ...asked, forMs: 60_000, correlationId: "cor_test", parallel: 1, pause });
  const names = people.map(({ id }) => `Operator ${id.slice(-4)}`).join("; ");
  expect(await linesOf({ appIds: [two.id] })).toMatchObject([{ amount: "-100.00", decided_by: names }]);
});

test("amounts have their currency's decimals, and a currency can be exported alone", async () => {
  for (const [currency, amount] of [
    ["jpy", 500],
    ["kwd", 1_230],
  ] as const) {
    await refunded({ purchase: await harness.purchase({ app, currency, amount: 10_000 }), amount });
  }
  expect(await linesOf({ currency: "jpy" })).toMatchObject([{ amount_minor: "-500", amount: "-500" }]);
  expect(await linesOf({ currency: "kwd" })).toMatchObject([{ amount_minor: "-1230", amount: "-1.230" }]);
});

test("what a shop or customer typed is no formula, and amounts stay numbers", async () => {
  const { purchase, refund } = await refunded();
  await harness.dependencies.database
    .update(purchases)
    .set({ productName: '=HYPERLINK("http://evil.example","x")', orderNumber: "-1+2" })
    .where(eq(purchases.id, purchase.id));
  expect(await lineOf(refund.id)).toMatchObject([
    { product: `'=HYPERLINK("http://evil.example","x")`, order_number: "'-1+2", amount_minor: "-2500" },
  ]);
});

test("another app's refunds are not in it", async () => {
  const other = await harness.app({ approvalRules: limits });
  const { refund } = await refunded({ purchase: await harness.purchase({ app: other }) });
  expect(await lineOf(refund.id)).toEqual([]);
  expect(await linesOf({ appIds: [other.id] })).toHaveLength(1);
  expect(await linesOf({ appIds: [] })).toEqual([]);
});

test("a refund of which Stripe booked nothing leaves the export once Stripe has said so for days", async () => {
  // What the tests before left unread.
  await readMovements(harness.dependencies);
  const { refund } = await refunded();
  const without = {
    ...harness.dependencies,
    stripe: Object.create(harness.dependencies.stripe, {
      refunds: { value: { retrieve: async () => ({ object: "refund", balance_transaction: null }) } },
    }),
  };
  for (let time = 0; time < 12; time += 1) {
    expect(await lineOf(refund.id)).toHaveLength(1);
    expect(await readMovements(without)).toBe(1);
    await harness.advance(dayMs);
  }
  expect(await lineOf(refund.id)).toEqual([]);
});

test("thousands of refunds come in pieces of a thousand, each once and in order", async () => {
  const many = await harness.app();
  const { id: purchaseId, accountId, chargeId } = await harness.purchase({ app: many, amount: 99_999 });
  const { database, clock } = harness.dependencies;
  const now = clock.now().toISOString();
  // Three in the same moment, so that a page ends within one.
  await database.execute(sql`
    insert into refunds (id, app_id, purchase_id, stripe_account_id, stripe_charge_id, origin, amount, currency,
        requested_by_kind, requested_by_id, requested_by_owner, status, stripe_refund_id, requested_at, settled_at, updated_at)
      select 'rfd_many_' || n, ${many.id}, ${purchaseId}, ${accountId}, ${chargeId}, 'stripe', 1, 'eur', 'stripe', 'stripe',
        'stripe', 'succeeded', 're_many_' || n, ${now}::timestamptz + (n / 3) * interval '1 second', ${now}, ${now}
      from generate_series(1, 2500) as n`);
  const pieces: string[] = [];
  for await (const piece of exportRefunds(harness.dependencies, { appIds: [many.id] })) pieces.push(piece);
  expect(pieces.map((piece) => piece.split("\r\n").length - 1)).toEqual([1, 1000, 1000, 500]);
  const lines = await linesOf({ appIds: [many.id] });
  expect(new Set(lines.map(({ refund_id }) => refund_id)).size).toBe(2_500);
  const moments = lines.map(({ booked_at }) => booked_at);
  expect(moments).toEqual(moments.toSorted());
});

test("the database itself books what Stripe paid, and lets nobody change what was read", async () => {
  const { refund } = await refunded();
  await readMovements(harness.dependencies);
  const { database } = harness.dependencies;
  const mine = eq(refundMovements.refundId, refund.id);
  await expect(database.update(refundMovements).set({ net: 0 }).where(mine)).rejects.toThrow();
  await expect(database.delete(refundMovements).where(mine)).rejects.toThrow();
  const unbooked = await database
    .select({ id: refunds.id })
    .from(refunds)
    .where(
      sql`${refunds.status} in ('succeeded', 'failed', 'canceled') and not exists (
        select from refund_movements as moved where moved.refund_id = ${refunds.id})`,
    );
  expect(unbooked).toEqual([]);
});
