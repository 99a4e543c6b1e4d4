import { auditLogs, reconciliationRuns, refunds } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { askRefund, driveRefund, execute } from "../testing/drive-refund.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { asker, driveRun, expectBooksEqual, refundInDashboard } from "./books.fixture.ts";
import { driftsOfRun } from "./record-drift.ts";
import { comparedApps, startAskedRun, startRefundRun } from "./start-asked-run.ts";
import { usualSince } from "./usual-since.ts";

// One refund that somebody doubts is compared by itself: what differs is mended and said, as in a whole run.
const day = 24 * 60 * 60 * 1000;
const rules = [{ amount: 1_000_000, currency: "eur" }];
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

async function compare(refundId: string) {
  const { runId } = await startRefundRun(harness.dependencies, { askedBy: asker, refundId });
  const run = await driveRun(harness, runId);
  const drifts = await driftsOfRun(harness.dependencies, runId);
  return { run, drifts };
}

test("a refund whose answer was lost is found at Stripe, settled, and the rest of its charge taken in", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const other = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
  expect(await execute(harness, id)).toBe("again");
  const foreign = await refundInDashboard(harness, purchase, 1_000);
  await refundInDashboard(harness, other, 500);

  const { run, drifts } = await compare(id);
  expect(run).toMatchObject({ status: "done", refundsListed: 2, eventsListed: 0, refundId: id });
  expect(drifts.map(({ kind, action, refundId }) => [kind, action, refundId === id])).toEqual(
    expect.arrayContaining([
      ["refund_differs", "settled", true],
      ["refund_missing_here", "taken_in", false],
    ]),
  );
  expect(drifts).toHaveLength(2);
  expect(drifts.map(({ stripeRefundId }) => stripeRefundId)).toContain(foreign);
  expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded", outcomeUnknown: false });
  expect((await compare(id)).drifts).toEqual([]);
});

test("one that Stripe never got stays as it is, and nothing is called a difference", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  await harness.sandbox.admin.addFault({ fault: "drop_before", method: "POST", path: "/v1/refunds" });
  await execute(harness, id);
  expect(await compare(id)).toMatchObject({ run: { status: "done", refundsListed: 0 }, drifts: [] });
  const [row] = await harness.dependencies.database.select().from(refunds).where(eq(refunds.id, id));
  expect(row).toMatchObject({ status: "executing", outcomeUnknown: true, stripeRefundId: null });
});

test("a success that failed a year ago, unheard, is heard", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase);
  const { stripeRefundId } = await driveRefund(harness, id);
  await harness.sandbox.admin.advanceRefund(stripeRefundId ?? "", {
    account: app.accountId,
    status: "failed",
  });
  await harness.advance(365 * day);
  expect(await compare(id)).toMatchObject({
    drifts: [{ kind: "refund_differs", here: { status: "succeeded" }, atStripe: { status: "failed" } }],
  });
  await expectBooksEqual(harness, app);
});

test("one that Stripe does not have is said, and a person has to look", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app });
  await refundInDashboard(harness, purchase, 1_000);
  const [listed] = await harness.stripeRefunds(purchase);
  const { database } = harness.dependencies;
  const other = await harness.purchase({ app });
  await refundInDashboard(harness, other, 1_000);
  const { id: runId } = await wholeRun(app.slug);
  expect((await driftsOfRun(harness.dependencies, runId)).length).toBeGreaterThan(0);
  const [row] = await database
    .select()
    .from(refunds)
    .where(eq(refunds.stripeRefundId, listed?.id ?? ""));
  if (!row) throw new Error("not taken in");
  await database.insert(refunds).values({ ...row, id: "rfd_gone", stripeRefundId: "re_gone" });
  expect(await compare("rfd_gone")).toMatchObject({
    run: { status: "done", refundsAsked: 1 },
    drifts: [{ kind: "refund_missing_at_stripe", subjectId: "re_gone", rightSide: "undecided" }],
  });
});

async function wholeRun(slug: string) {
  const app = (await comparedApps(harness.dependencies)).find((row) => row.slug === slug);
  if (!app) throw new Error(`no app ${slug}`);
  const started = await startAskedRun(harness.dependencies, { askedBy: asker, app, since: new Date(0) });
  return driveRun(harness, started.runId);
}

test("a whole run since 1 January 1 is no mistake: Stripe is asked from 1970 on", async () => {
  const app = await harness.app();
  const [row] = (await comparedApps(harness.dependencies)).filter(({ slug }) => slug === app.slug);
  if (!row) throw new Error("no app");
  const since = new Date("0001-01-01T00:00:00Z");
  const { runId } = await startAskedRun(harness.dependencies, { askedBy: asker, app: row, since });
  expect(await driveRun(harness, runId)).toMatchObject({ status: "done", lastError: null });
});

test("what cannot be asked is refused with a sentence, before anything begins", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase);
  const count = async () => (await harness.dependencies.database.select().from(reconciliationRuns)).length;
  const before = await count();
  await expect(
    startRefundRun(harness.dependencies, { askedBy: asker, refundId: "rfd_none" }),
  ).rejects.toMatchObject({
    code: "refund_not_found",
  });
  const other = await harness.sandbox.admin.createAccount({ connected: true });
  await harness.connect(app, other.id);
  await expect(startRefundRun(harness.dependencies, { askedBy: asker, refundId: id })).rejects.toMatchObject({
    code: "app_not_connected",
    message: expect.stringContaining(purchase.accountId),
  });
  expect(await count()).toBe(before);
});

test("the same question asked ten times at once is one run; of one refund too, once it has begun", async () => {
  const app = await harness.app({ approvalRules: rules });
  const [row] = (await comparedApps(harness.dependencies)).filter(({ slug }) => slug === app.slug);
  if (!row) throw new Error("no app");
  const since = usualSince(harness.clock.now());
  const started = await Promise.all(
    Array.from({ length: 10 }, () =>
      startAskedRun(harness.dependencies, { askedBy: asker, app: row, since }),
    ),
  );
  expect(new Set(started.map(({ runId }) => runId)).size).toBe(1);
  expect(started.filter(({ resumed }) => !resumed)).toHaveLength(1);
  const { id } = await askRefund(harness, await harness.purchase({ app }));
  const first = await startRefundRun(harness.dependencies, { askedBy: asker, refundId: id });
  const second = await startRefundRun(harness.dependencies, { askedBy: asker, refundId: id });
  expect(second).toEqual({ runId: first.runId, resumed: true });
  // Who asked is in the log, once for each run that began.
  const log = await harness.dependencies.database
    .select()
    .from(auditLogs)
    .where(and(eq(auditLogs.action, "comparison_started"), eq(auditLogs.appId, app.id)))
    .orderBy(auditLogs.id);
  const entry = { actorKind: "operator", actorId: asker.id };
  expect(log).toMatchObject([
    { ...entry, refundId: null, correlationId: started[0]?.runId, details: { since: since.toISOString() } },
    { ...entry, refundId: id, correlationId: first.runId },
  ]);
  // The whole run and the one refund's do not stand in each other's way.
  expect(first.runId).not.toBe(started[0]?.runId);
});

test("429: a run about one refund waits, and goes on", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 2_000 });
  await harness.sandbox.admin.addFault({ fault: "rate_limit", method: "GET", path: "/v1/refunds", times: 2 });
  const { run } = await compare(id);
  expect(run).toMatchObject({ status: "done", phase: "ask_refunds", attemptCount: 0 });
});
