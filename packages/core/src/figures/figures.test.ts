import { apps, paidChanges, purchases, refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { rejectRefund } from "../approvals/reject-refund.ts";
import { takeInCharges } from "../purchases/take-in-charge.ts";
import { askRefund, driveRefund } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { readFigures, totalOf } from "./figures.ts";
import { foldPaidChanges, readPaid } from "./paid-totals.ts";
import { spansOf } from "./spans.ts";

// Guarantee: figures are what a count of the rows gives, at every moment, of the reader's apps alone, and amounts of
// several currencies are never added up.
let harness: Harness;
const dayMs = 86_400_000;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const now = () => harness.clock.now();
const daysAgo = (days: number) => new Date(now().getTime() - days * dayMs);

interface Sale {
  readonly amount: number;
  readonly currency: string;
  readonly at: Date;
}

let sales = 0;
const charge = ({ amount, currency, at }: Sale, id = `ch_sale${++sales}`) => ({
  ...{ stripeChargeId: id, stripePaymentIntentId: null, stripeCustomerId: null, livemode: false },
  ...{ amountCaptured: amount, currency, applicationFee: null, stripeApplicationId: null },
  ...{ customerEmail: null, customerName: null, productName: null, orderNumber: null, description: null },
  ...{ paymentMethodBrand: null, paymentMethodLast4: null, purchasedAt: at },
});

async function takeIn(app: TestApp, charges: ReturnType<typeof charge>[]): Promise<void> {
  await harness.dependencies.database.transaction((transaction) =>
    takeInCharges(harness.dependencies, transaction, { appId: app.id, accountId: app.accountId, charges }),
  );
}

/** Counted by hand, from the purchases themselves. */
async function countedPaid(appIds: readonly string[]): Promise<Record<string, [number, number]>> {
  const spans = spansOf("30d", now());
  const sums: Record<string, [number, number]> = {};
  for (const one of await harness.dependencies.database.select().from(purchases)) {
    const span = spans.findIndex(({ from, until }) => one.purchasedAt >= from && one.purchasedAt < until);
    if (span < 0 || !appIds.includes(one.appId)) continue;
    const key = `${span} ${one.appId} ${one.currency}`;
    const [amount, count] = sums[key] ?? [0, 0];
    sums[key] = [amount + one.amountCaptured, count + 1];
  }
  return sums;
}

async function readSums(appIds: readonly string[]): Promise<Record<string, [number, number]>> {
  const rows = await readPaid(harness.dependencies, { appIds, spans: spansOf("30d", now()) });
  return Object.fromEntries(
    rows
      .filter(({ count }) => count > 0)
      .map(({ span, appId, currency, amount, count }) => [`${span} ${appId} ${currency}`, [amount, count]]),
  );
}

test("what was paid is what the purchases sum to, however they came and whenever the sweeper folds", async () => {
  const [one, two] = [await harness.app(), await harness.app()];
  const { database } = harness.dependencies;
  const sale = fc.record({
    amount: fc.integer({ min: 1, max: 99_999_999 }),
    currency: fc.constantFrom("eur", "jpy", "kwd", "isk"),
    at: fc.integer({ min: 0, max: 40 * dayMs }).map((back) => new Date(now().getTime() - back)),
  });
  const step = fc.oneof(
    fc.record({ sales: fc.array(sale, { minLength: 1, maxLength: 5 }), of: fc.constantFrom(one, two) }),
    fc.constantFrom("fold", "capture more", "again", "touch", "remove"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      for (const what of steps) {
        if (typeof what === "object") {
          await takeIn(
            what.of,
            what.sales.map((one) => charge(one)),
          );
          continue;
        }
        if (what === "fold") await Promise.all([fold(), fold()]);
        const [last] = await database.select().from(purchases).limit(1);
        if (last === undefined) continue;
        const { stripeChargeId, amountCaptured: amount, currency, purchasedAt: at, appId } = last;
        const more = what === "capture more" ? 1 : 0;
        const of = appId === one.id ? one : two;
        if (more || what === "again") {
          await takeIn(of, [charge({ amount: amount + more, currency, at }, stripeChargeId)]);
        }
        const isLast = eq(purchases.id, last.id);
        if (what === "touch") await database.update(purchases).set({ access: "revoked" }).where(isLast);
        if (what === "remove") await database.delete(purchases).where(isLast);
      }
      for (const appIds of [[one.id], [one.id, two.id]]) {
        expect(await readSums(appIds)).toEqual(await countedPaid(appIds));
      }
    }),
    { numRuns: 25 },
  );
  await fold();
  expect(await database.$count(paidChanges)).toBe(0);
  expect(await readSums([one.id, two.id])).toEqual(await countedPaid([one.id, two.id]));
}, 240_000);

const fold = () => foldPaidChanges(harness.dependencies);

let refundNumber = 0;
/** As one made in the Dashboard is taken in. */
async function refunded(app: TestApp, sale: Sale & { reason?: string | null; failed?: boolean }) {
  const { database } = harness.dependencies;
  const drawn = charge({ ...sale, amount: sale.amount * 2 });
  await takeIn(app, [drawn]);
  const [purchase] = await database
    .select()
    .from(purchases)
    .where(eq(purchases.stripeChargeId, drawn.stripeChargeId));
  if (purchase === undefined) throw new Error("the purchase was not taken in");
  const stripe = { requestedByKind: "stripe", requestedById: "stripe", requestedByOwner: "stripe" } as const;
  await database.insert(refunds).values({
    ...{ id: `rfd_figure${++refundNumber}`, purchaseId: purchase.id, appId: app.id, origin: "stripe" },
    ...{ stripeAccountId: app.accountId, stripeChargeId: purchase.stripeChargeId, ...stripe },
    ...{ amount: sale.amount, currency: sale.currency, reason: sale.reason ?? null },
    ...{ status: sale.failed ? "failed" : "succeeded", stripeRefundId: `re_figure${refundNumber}` },
    ...{ requestedAt: sale.at, settledAt: sale.at, updatedAt: sale.at },
  });
}

test("amounts are of one currency, by app and reason, without what failed, lies before, or is not the reader's", async () => {
  const [one, two, other] = [await harness.app(), await harness.app(), await harness.app()];
  await refunded(one, { amount: 1_500, currency: "kwd", at: daysAgo(0), reason: "duplicate" });
  await refunded(one, { amount: 250, currency: "kwd", at: daysAgo(3) });
  await refunded(two, { amount: 10_000, currency: "kwd", at: daysAgo(3), reason: "duplicate" });
  await refunded(two, { amount: 4_000, currency: "jpy", at: daysAgo(1) });
  await refunded(two, { amount: 999, currency: "kwd", at: daysAgo(2), failed: true });
  await refunded(one, { amount: 77, currency: "kwd", at: daysAgo(8) });
  await refunded(other, { amount: 55, currency: "kwd", at: daysAgo(1) });
  const appIds = [one.id, two.id];
  const { amounts, currencies, spans } = await readFigures(harness.dependencies, { appIds, time: "7d" });
  expect(spans).toHaveLength(7);
  expect(currencies).toEqual(["kwd", "jpy"]);
  expect(amounts).toMatchObject({ currency: "kwd", count: 3, refunded: [0, 0, 0, 10_250, 0, 0, 1_500] });
  expect(amounts?.paid).toEqual([0, 0, 0, 20_500, 999 * 2, 0, 3_000]);
  expect([...(amounts?.apps ?? [])].map(([id, { refunded }]) => [id, totalOf(refunded)])).toEqual([
    [two.id, 10_000],
    [one.id, 1_750],
  ]);
  expect(
    [...(amounts?.reasons ?? [])].map(([code, { refunded, count }]) => [code, totalOf(refunded), count]),
  ).toEqual([
    ["duplicate", 11_500, 2],
    ["", 250, 1],
  ]);
  const yen = await readFigures(harness.dependencies, { appIds, time: "7d", currency: "jpy" });
  expect(yen.amounts).toMatchObject({ currency: "jpy", count: 1, refunded: [0, 0, 0, 0, 0, 4_000, 0] });
  expect(await readFigures(harness.dependencies, { appIds: [], time: "12m" })).toMatchObject({
    ...{ currencies: [], amounts: null },
    decisions: { whole: { byPolicy: 0, byPeople: 0, waits: { count: 0, p50: null, p90: null } } },
    settlements: { whole: { count: 0, p50: null, p90: null } },
  });
});

test("decisions and settlements take as long as people and Stripe really took", async () => {
  const app = await harness.app({ approvalRules: [{ amount: 100, currency: "eur" }] });
  const approver = (await harness.operator("approver")).id;
  const { dependencies } = harness;
  const figures = () => readFigures(dependencies, { appIds: [app.id], time: "30d" });
  const asked = async () => (await askRefund(harness, await harness.purchase({ app }))).id;
  const decide = { operatorId: approver, correlationId: "cor_test" };
  const waits = [60_000, 120_000, 7_200_000];
  for (const [index, wait] of waits.entries()) {
    const refundId = await asked();
    await harness.advance(wait);
    if (index === 1) {
      await rejectRefund(dependencies, { ...decide, refundId, note: "Used it for a year" });
    } else {
      await approveRefund(dependencies, { ...decide, refundId });
      await harness.advance(30_000);
      expect((await driveRefund(harness, refundId)).status).toBe("succeeded");
    }
  }
  const allowed = await askRefund(harness, await harness.purchase({ app }), { amount: 50 });
  expect((await driveRefund(harness, allowed.id)).status).toBe("succeeded");
  const { decisions, settlements } = await figures();
  expect(decisions.whole).toEqual({ byPolicy: 1, byPeople: 3, waits: { count: 3, p50: 120, p90: 7_200 } });
  expect(settlements.whole).toMatchObject({ count: 3, p50: 30, p90: 30 });
  const summed = decisions.spans.reduce((sum, { byPeople, byPolicy }) => sum + byPeople + byPolicy, 0);
  expect(summed).toBe(4);
  // What nobody was asked, and what is still open, counts nowhere.
  await asked();
  expect(await figures()).toMatchObject({ decisions: { whole: decisions.whole }, settlements });
  // Every app of the desk is in "all".
  const all = await readFigures(dependencies, { appIds: "all", time: "30d" });
  expect(all.decisions.whole.byPeople).toBeGreaterThanOrEqual(3);
  expect(await dependencies.database.$count(apps)).toBeGreaterThan(1);
});
