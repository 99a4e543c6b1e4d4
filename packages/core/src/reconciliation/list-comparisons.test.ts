import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { asker, driveRun, refundInDashboard } from "./books.fixture.ts";
import { listComparisons } from "./list-comparisons.ts";
import { listDrifts } from "./list-drifts.ts";
import { reconcileDue } from "./reconcile-due.ts";
import { comparedApps, startAskedRun, startRefundRun } from "./start-asked-run.ts";
import { takeStep } from "./take-step.ts";

// Whether the books are right can be read at any time: what the last comparison found, how far the present
// one is, when the next is due, and page by page what ever differed.
const minute = 60 * 1000;
const hour = 60 * minute;
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

async function viewOf(app: TestApp) {
  const [view] = await listComparisons(harness.dependencies, { appIds: [app.id] });
  if (!view) throw new Error("no view");
  return view;
}

async function start(app: TestApp, since = new Date(harness.clock.now().getTime() - hour)) {
  const [row] = (await comparedApps(harness.dependencies)).filter(({ slug }) => slug === app.slug);
  if (!row) throw new Error("no app");
  return startAskedRun(harness.dependencies, { askedBy: asker, app: row, since });
}

test("an app that was just connected: nothing yet, and the first comparison is due an hour later", async () => {
  const app = await harness.app();
  const connectedAt = harness.clock.now();
  expect(await viewOf(app)).toMatchObject({
    stripeAccountId: app.accountId,
    running: null,
    last: null,
    nextDueAt: new Date(connectedAt.getTime() + hour),
  });
  await harness.advance(hour + minute);
  await reconcileDue(harness.dependencies);
  const { last } = await viewOf(app);
  expect(last).toMatchObject({ kind: "scheduled", status: "done", driftCount: 0, progress: 1 });
  expect((await viewOf(app)).nextDueAt).toEqual(new Date((last?.startedAt.getTime() ?? 0) + hour));
  const dormant = await harness.app({ connect: false });
  expect(await viewOf(dormant)).toMatchObject({ stripeAccountId: null, last: null, nextDueAt: null });
});

test("while it runs its progress grows; while Stripe does not answer it says why and until when", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app, amount: 100_000 });
  for (let index = 0; index < 110; index += 1) {
    await refundInDashboard(harness, purchase, 10);
    await harness.advance(1_000);
  }
  const { runId } = await start(app);
  const seen: number[] = [];
  for (;;) {
    await takeStep(harness.dependencies, { runId });
    const { running } = await viewOf(app);
    if (running === null) break;
    expect(running).toMatchObject({ id: runId, kind: "asked", status: "running" });
    seen.push(running.progress);
  }
  expect(seen).toEqual([...seen].sort((one, other) => one - other));
  expect(seen[0]).toBeGreaterThan(0);
  expect(new Set(seen).size).toBeGreaterThan(3);
  expect((await viewOf(app)).last).toMatchObject({ id: runId, refundsListed: 110, driftCount: 330 });

  await harness.sandbox.admin.addFault({ fault: "rate_limit", method: "GET", path: "/v1/refunds" });
  const second = await start(app, new Date(harness.clock.now().getTime() - 2 * hour));
  await takeStep(harness.dependencies, second);
  const { running } = await viewOf(app);
  expect(running).toMatchObject({ id: second.runId, lastError: expect.stringContaining("rate limit") });
  expect(running?.waitsUntil?.getTime()).toBeGreaterThan(harness.clock.now().getTime());
  await driveRun(harness, second.runId);
});

test("a lost account is said, with what to do; a comparison of one refund is none of the books", async () => {
  await harness.app();
  const app = await harness.app();
  const purchase = await harness.purchase({ app });
  await refundInDashboard(harness, purchase, 100);
  await driveRun(harness, (await start(app)).runId);
  const { drifts } = await listDrifts(harness.dependencies, { appIds: [app.id] });
  const refundId = drifts.find(({ refundId: id }) => id !== null)?.refundId ?? "";
  const one = await startRefundRun(harness.dependencies, { askedBy: asker, refundId });
  expect((await viewOf(app)).running).toBeNull();
  await driveRun(harness, one.runId);
  expect((await viewOf(app)).last?.id).not.toBe(one.runId);
  await harness.sandbox.admin.revokeAccount(app.accountId);
  await harness.advance(minute);
  await driveRun(harness, (await start(app)).runId);
  expect(await viewOf(app)).toMatchObject({
    stripeAccountId: null,
    last: { status: "disconnected", lastError: expect.stringContaining("Connect it again") },
    nextDueAt: null,
  });
});

test("differences page through each one once, newest first, of the apps asked for, with the sentences", async () => {
  const [app, other] = [await harness.app(), await harness.app()];
  for (const each of [app, other]) {
    const purchase = await harness.purchase({ app: each });
    for (let index = 0; index < 3; index += 1) await refundInDashboard(harness, purchase, 10);
    await driveRun(harness, (await start(each)).runId);
  }
  const appIds = [app.id, other.id];
  const all: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listDrifts>> = await listDrifts(harness.dependencies, {
      appIds,
      limit: 2,
      ...(cursor === null ? {} : { cursor }),
    });
    all.push(...page.drifts.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(new Set(all).size).toBe(all.length);
  expect(all).toHaveLength(18);
  const { drifts } = await listDrifts(harness.dependencies, { appIds, app: app.slug, limit: 100 });
  expect(drifts).toHaveLength(9);
  expect(drifts.every((drift) => drift.app.slug === app.slug)).toBe(true);
  expect(drifts.find(({ kind }) => kind === "refund_missing_here")).toMatchObject({
    difference: "succeeded at Stripe, unknown here.",
    repair: "Stripe is right; it was taken in.",
  });
  const found = drifts.map(({ foundAt }) => foundAt.getTime());
  expect(found).toEqual([...found].sort((one, two) => two - one));
  expect((await listDrifts(harness.dependencies, { appIds: [other.id], app: app.slug })).drifts).toEqual([]);
  expect((await listDrifts(harness.dependencies, { appIds, undecided: true })).drifts).toEqual([]);
  await expect(listDrifts(harness.dependencies, { appIds, cursor: "xx" })).rejects.toMatchObject({
    code: "invalid_input",
  });
});
