import { apps, reconciliationRuns } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { expectBooksEqual, refundInDashboard } from "./books.fixture.ts";
import { reconcileDue } from "./reconcile-due.ts";

// The desk compares every connected account by itself, one hour after the other, and never so fast that
// refunds would have to wait for it.
const hour = 60 * 60 * 1000;
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const runsOf = (app: TestApp) =>
  harness.dependencies.database
    .select()
    .from(reconciliationRuns)
    .where(eq(reconciliationRuns.appId, app.id))
    .orderBy(reconciliationRuns.startedAt);

async function sweepUntilQuiet(): Promise<number> {
  let sweeps = 0;
  for (; sweeps < 100; sweeps += 1) {
    const open = await harness.dependencies.database
      .select({ id: reconciliationRuns.id })
      .from(reconciliationRuns)
      .where(eq(reconciliationRuns.status, "running"));
    if (sweeps > 0 && open.length === 0) return sweeps;
    await reconcileDue(harness.dependencies);
    await harness.advance(5_000);
  }
  throw new Error("the sweeps do not come to rest");
}

const requestCount = async () => (await harness.sandbox.admin.ledger()).requests.length;

test("each connected account is compared every hour, from where the last run ended, with overlap", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app });
  await reconcileDue(harness.dependencies);
  expect(await runsOf(app)).toEqual([]);

  await harness.advance(hour);
  const refund = await refundInDashboard(harness, purchase, 1_000);
  // What is younger than two minutes is not late yet.
  await harness.advance(3 * 60_000);
  await sweepUntilQuiet();
  const [first] = await runsOf(app);
  expect(first).toMatchObject({ kind: "scheduled", status: "done", refundsListed: 1 });
  expect(refund).toMatch(/^re_/);
  await expectBooksEqual(harness, app);

  await harness.advance(hour);
  await Promise.all([reconcileDue(harness.dependencies), reconcileDue(harness.dependencies)]);
  await sweepUntilQuiet();
  const runs = await runsOf(app);
  expect(runs).toHaveLength(2);
  expect(runs[1]?.since.getTime()).toBe((first?.until.getTime() ?? 0) - hour);

  // Weeks later the quiet run is forgotten; the one that found something stays.
  await harness.advance(36 * 24 * hour);
  await sweepUntilQuiet();
  expect((await runsOf(app)).map(({ id }) => id)).toEqual([
    first?.id,
    expect.not.stringMatching(runs[1]?.id ?? ""),
  ]);
});

test("one sweep spends at most its share of requests; the next goes on; an account that is gone stops nobody", async () => {
  const made: TestApp[] = [];
  for (let index = 0; index < 30; index += 1) made.push(await harness.app());
  const gone = made[7];
  const last = made.at(-1);
  if (!gone || !last) throw new Error("no apps");
  await refundInDashboard(harness, await harness.purchase({ app: last }), 1_000);
  await harness.sandbox.admin.revokeAccount(gone.accountId);
  await harness.advance(2 * hour);
  const before = await requestCount();
  await reconcileDue(harness.dependencies);
  const spent = (await requestCount()) - before;
  expect(spent).toBeGreaterThan(0);
  // The last step may ask who is out of reach.
  expect(spent).toBeLessThanOrEqual(30);
  expect(await sweepUntilQuiet()).toBeGreaterThan(2);
  await expectBooksEqual(harness, last);
  expect(await runsOf(gone)).toMatchObject([{ status: "disconnected" }]);
  const [row] = await harness.dependencies.database.select().from(apps).where(eq(apps.id, gone.id));
  expect(row?.stripeAccountId).toBeNull();
});

test("four servers together send what one may: they share what Stripe allows", async () => {
  await harness.advance(3 * hour);
  const before = await requestCount();
  const began = harness.clock.now().getTime();
  let sweeps = 0;
  for (;;) {
    await Promise.all(Array.from({ length: 4 }, () => reconcileDue(harness.dependencies)));
    sweeps += 1;
    const open = await harness.dependencies.database
      .select({ id: reconciliationRuns.id })
      .from(reconciliationRuns)
      .where(eq(reconciliationRuns.status, "running"));
    if (open.length === 0) break;
    await harness.advance(1_000);
  }
  const seconds = (harness.clock.now().getTime() - began) / 1_000;
  const sent = (await requestCount()) - before;
  // A burst of 20, and 5 a second.
  expect(sent).toBeLessThanOrEqual(20 + 5 * seconds);
  expect(sent).toBeGreaterThan(20);
  expect(sweeps).toBeGreaterThan(2);
});

test("an account that was away before its first comparison is compared from when the desk first knew it", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app });
  const known = harness.clock.now();
  const { database } = harness.dependencies;
  // Disconnected at once; three days later the merchant is back, and two days went by without a webhook.
  await harness.advance(72 * hour);
  const connectedAt = harness.clock.now();
  await database.update(apps).set({ connectedAt }).where(eq(apps.id, app.id));
  await harness.advance(hour);
  await sweepUntilQuiet();
  const [first] = await runsOf(app);
  expect(first?.since.getTime()).toBeLessThanOrEqual(known.getTime() - hour + 1_000);
  expect(purchase.id).toMatch(/^pur_/);
  // Stripe keeps events for 30 days.
  const old = await harness.app();
  await harness.purchase({ app: old });
  await harness.advance(90 * 24 * hour);
  await database.update(apps).set({ connectedAt: harness.clock.now() }).where(eq(apps.id, old.id));
  await harness.advance(hour);
  await sweepUntilQuiet();
  const [late] = await runsOf(old);
  const keptMs = harness.clock.now().getTime() - (late?.since.getTime() ?? 0);
  expect(keptMs).toBeLessThanOrEqual(31 * 24 * hour);
  expect(keptMs).toBeGreaterThan(29 * 24 * hour);
});
