import { apps, notifications, purchases, refunds, stripeEvents } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { askRefund, driveRefund, execute } from "../testing/drive-refund.ts";
import { createEventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { asker, driveRun, expectBooksEqual, refundInDashboard } from "./books.fixture.ts";
import { driftsOfRun } from "./record-drift.ts";
import type { RunRow } from "./run.ts";
import { startAskedRun } from "./start-asked-run.ts";
import { takeStep } from "./take-step.ts";

// Invariants 3 and 5: whatever webhooks were lost, one reconciliation makes our books equal Stripe's, says
// what differed, and the next one finds nothing.
const day = 24 * 60 * 60 * 1000;
const alerts: object[] = [];
let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
  harness.dependencies.logger.error = (facts) => void alerts.push(facts);
});
afterEach(async () => {
  await harness.sandbox.admin.clearFaults();
  alerts.length = 0;
});
afterAll(() => harness.close());

const byMail = { instructions_email: "customer@example.com" };
const rules = [{ amount: 1_000_000, currency: "eur" }];

async function ask(app: TestApp, since: Date): Promise<string> {
  const { database } = harness.dependencies;
  const [row] = await database.select().from(apps).where(eq(apps.id, app.id));
  if (!row) throw new Error("no app");
  return (await startAskedRun(harness.dependencies, { askedBy: asker, app: row, since })).runId;
}

/** A whole run, and its drifts as `kind action` of each subject. */
async function reconcile(app: TestApp, since = new Date(harness.clock.now().getTime() - day)) {
  const run = await driveRun(harness, await ask(app, since));
  const drifts = await driftsOfRun(harness.dependencies, run.id);
  return { run, drifts, story: drifts.map(({ kind, action, subjectId }) => [kind, action, subjectId]) };
}

test("refunds and sales that no webhook told are taken in, the app is told, and the second run is quiet", async () => {
  const app = await harness.app({ approvalRules: rules });
  const known = await harness.purchase({ app });
  const charge = await harness.sandbox.admin.createCharge({
    account: app.accountId,
    amount: 5_000,
    currency: "eur",
  });
  const unknown = { accountId: app.accountId, chargeId: charge.id };
  const first = await refundInDashboard(harness, known, 1_000);
  const second = await refundInDashboard(harness, unknown, 5_000);
  const desk = createEventDesk(harness);

  const { run, story } = await reconcile(app);

  expect(run).toMatchObject({ status: "done", refundsListed: 2 });
  expect(story).toEqual(
    expect.arrayContaining([
      ["refund_missing_here", "taken_in", first],
      ["refund_missing_here", "taken_in", second],
    ]),
  );
  await expectBooksEqual(harness, app);
  const { database } = harness.dependencies;
  const told = await database.select().from(notifications).where(eq(notifications.appId, app.id));
  expect(told).toMatchObject([{ type: "refund.succeeded" }, { type: "refund.succeeded" }]);

  // Events come through the inbox like any other, and say that they were pulled.
  const missed = (await desk.eventsOf(app.accountId)).filter(({ type }) => /^(refund|charge)\./.test(type));
  expect(
    story
      .filter(([kind]) => kind === "event_missing")
      .map(([, , id]) => id)
      .sort(),
  ).toEqual(missed.map(({ id }) => id).sort());
  expect(run.eventsPulled).toBe(missed.length);
  await desk.work();
  const inbox = await database.select().from(stripeEvents).where(eq(stripeEvents.accountId, app.accountId));
  expect(new Set(inbox.map(({ endpoint, status }) => `${endpoint} ${status}`))).toEqual(
    new Set(["pulled handled"]),
  );
  // A webhook that comes after all is a duplicate.
  for (const event of missed) expect(await desk.deliver(event)).toMatchObject({ status: 200 });
  await desk.work();
  expect(await database.select().from(notifications).where(eq(notifications.appId, app.id))).toHaveLength(2);

  await harness.advance(1_000);
  expect((await reconcile(app)).drifts).toEqual([]);
});

test("a success that failed weeks later is told although its webhook was lost, and the operators are alerted", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const asked = await askRefund(harness, purchase, { amount: 4_000 });
  const { stripeRefundId } = await driveRefund(harness, asked.id);
  await harness.advance(29 * day);
  await harness.sandbox.admin.advanceRefund(stripeRefundId ?? "", {
    account: app.accountId,
    status: "failed",
  });

  const { run, drifts } = await reconcile(app);

  // By the list, although it is older than what was asked for.
  expect(run).toMatchObject({ refundsListed: 1, refundsAsked: 0 });

  expect(drifts.find(({ kind }) => kind === "refund_differs")).toMatchObject({
    refundId: asked.id,
    here: { status: "succeeded" },
    atStripe: { status: "failed", failureReason: "expired_or_canceled_card" },
    rightSide: "stripe",
    action: "settled",
  });
  await expectBooksEqual(harness, app);
  const { database } = harness.dependencies;
  const told = await database.select().from(notifications).where(eq(notifications.refundId, asked.id));
  expect(told.map(({ type }) => type).sort()).toEqual(["refund.failed", "refund.succeeded"]);
  expect(alerts).toMatchObject([{ alert: "refund_failed_after_success", refundId: asked.id }]);
});

test("what is older than the list is asked one by one: pending for months, or final only since last week", async () => {
  const app = await harness.app({ approvalRules: rules });
  const ids: string[] = [];
  for (let index = 0; index < 7; index += 1) {
    const purchase = await harness.purchase({ app, paymentMethod: "pm_sandbox_konbini", currency: "jpy" });
    ids.push(await refundInDashboard(harness, purchase, 1_000, byMail));
  }
  expect((await reconcile(app)).run).toMatchObject({ refundsListed: 7, refundsAsked: 0 });
  await harness.advance(40 * day);
  const advance = (id: string | undefined, status: "pending" | "succeeded" | "failed") =>
    harness.sandbox.admin.advanceRefund(id ?? "", { account: app.accountId, status });
  await advance(ids[0], "pending");
  await advance(ids[0], "succeeded");
  const { run, drifts } = await reconcile(app);
  expect(run).toMatchObject({ status: "done", refundsListed: 0 });
  await expectBooksEqual(harness, app);
  expect(drifts.filter(({ kind }) => kind === "refund_differs").map(({ subjectId }) => subjectId)).toContain(
    ids[0],
  );

  await harness.advance(20 * day);
  await advance(ids[0], "failed");
  expect((await reconcile(app)).drifts).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ subjectId: ids[0], atStripe: expect.objectContaining({ status: "failed" }) }),
    ]),
  );
  await expectBooksEqual(harness, app);
});

test("between pending and requires_action a list says nothing: Stripe is asked for the refund as it is now", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app, paymentMethod: "pm_sandbox_konbini", currency: "jpy" });
  const id = await refundInDashboard(harness, purchase, 1_000, byMail);
  await reconcile(app);
  await harness.sandbox.admin.advanceRefund(id, { account: app.accountId, status: "pending" });
  await harness.advance(2_000);
  const { drifts } = await reconcile(app);
  expect(drifts.find(({ subjectId }) => subjectId === id)).toMatchObject({
    kind: "refund_differs",
    here: { status: "requires_action" },
    atStripe: { status: "pending" },
    rightSide: "stripe",
    action: "settled",
  });
  await expectBooksEqual(harness, app);
});

test("a refund whose answer was lost is found by its metadata and settled without another call", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
  expect(await execute(harness, id)).toBe("again");
  const { drifts } = await reconcile(app);
  expect(drifts.find(({ refundId }) => refundId === id)).toMatchObject({
    kind: "refund_differs",
    here: { status: "executing" },
    action: "settled",
  });
  await expectBooksEqual(harness, app);
  expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded", outcomeUnknown: false });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("a refund that we name and Stripe does not have is for a person: nothing is changed", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app, paymentMethod: "pm_sandbox_konbini", currency: "jpy" });
  await refundInDashboard(harness, purchase, 1_000, byMail);
  await reconcile(app);
  await harness.advance(1_000);
  const { database } = harness.dependencies;
  // As after a change of the platform's account: no way leads here at Stripe itself.
  const [row] = await database.select().from(refunds).where(eq(refunds.purchaseId, purchase.id));
  if (!row) throw new Error("no row");
  const gone = {
    ...row,
    id: "rfd_gone",
    stripeRefundId: "re_gone",
    requestedAt: new Date(row.requestedAt.getTime() - 90 * day),
  };
  await database.insert(refunds).values(gone);
  const { drifts } = await reconcile(app, new Date(harness.clock.now().getTime() - 2 * day));
  expect(drifts).toMatchObject([
    {
      kind: "refund_missing_at_stripe",
      subjectId: "re_gone",
      refundId: "rfd_gone",
      rightSide: "undecided",
      action: "none",
    },
  ]);
  expect(alerts).toMatchObject([{ alert: "drift_undecided", subjectId: "re_gone" }]);
});

test("work whose message was lost is sent again after a grace, and says so", async () => {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  const lost = createEventDesk(harness, { loses: () => true });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  await lost.work();
  await harness.advance(11 * 60_000);
  const { run, drifts } = await reconcile(app);
  expect(drifts).toMatchObject([
    {
      kind: "effect_missing",
      subjectId: id,
      rightSide: "desk",
      action: "sent_again",
      here: { status: "approved" },
    },
  ]);
  expect(run.sentAgain).toBe(1);
  await createEventDesk(harness).work();
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  await expectBooksEqual(harness, app);
});

test("429: the run waits longer each time, and then goes on where it was", async () => {
  const app = await harness.app();
  await refundInDashboard(harness, await harness.purchase({ app }), 1_000);
  await harness.sandbox.admin.addFault({ fault: "rate_limit", method: "GET", path: "/v1/refunds", times: 4 });
  const began = harness.clock.now().getTime();
  const { run, drifts } = await reconcile(app);
  // 1, 2, 4 and 8 seconds at least.
  expect(harness.clock.now().getTime() - began).toBeGreaterThanOrEqual(15_000);
  expect(run).toMatchObject({ status: "done", attemptCount: 0, lastError: null });
  expect(drifts.map(({ kind }) => kind)).toContain("refund_missing_here");
});

test("a lost account is said and disconnected; what had been found stays", async () => {
  await harness.app();
  const app = await harness.app();
  await refundInDashboard(harness, await harness.purchase({ app }), 1_000);
  await harness.sandbox.admin.revokeAccount(app.accountId);
  const { run } = await reconcile(app);
  expect(run).toMatchObject({ status: "disconnected", lastError: expect.stringContaining("not connected") });
  const [row] = await harness.dependencies.database.select().from(apps).where(eq(apps.id, app.id));
  expect(row).toMatchObject({ stripeAccountId: null, disconnectedReason: "access_lost" });
  await expect(ask(app, new Date(0))).rejects.toMatchObject({ code: "app_not_connected" });
});

test("a future date is refused; the same question goes on with the run that was interrupted", async () => {
  const app = await harness.app();
  const { clock } = harness;
  await expect(ask(app, new Date(clock.now().getTime() + 1))).rejects.toMatchObject({
    code: "invalid_input",
  });
  const since = new Date(clock.now().getTime() - day);
  const runId = await ask(app, since);
  expect(await ask(app, since)).toBe(runId);
  await driveRun(harness, runId);
  expect(await ask(app, since)).not.toBe(runId);
});

test("a run that dies at any point is gone on with: each drift is listed once, each page counted once", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app, amount: 100_000 });
  for (let index = 0; index < 5; index += 1) await refundInDashboard(harness, purchase, 100);
  const unbroken = await harness.app();
  const other = await harness.purchase({ app: unbroken, amount: 100_000 });
  for (let index = 0; index < 5; index += 1) await refundInDashboard(harness, other, 100);
  const expected = await reconcile(unbroken);

  const runId = await ask(app, new Date(harness.clock.now().getTime() - day));
  const run = await dyingAtEachStatement(runId);
  const drifts = await driftsOfRun(harness.dependencies, runId);
  const shape = (list: typeof drifts) => list.map(({ kind, action }) => `${kind} ${action}`).sort();
  expect(shape(drifts)).toEqual(shape(expected.drifts));
  const { refundsListed, refundsAsked, eventsListed, eventsPulled, sentAgain } = expected.run;
  expect(run).toMatchObject({
    status: "done",
    refundsListed,
    refundsAsked,
    eventsListed,
    eventsPulled,
    sentAgain,
  });
  await expectBooksEqual(harness, app);
  const { database } = harness.dependencies;
  expect(await database.select().from(notifications).where(eq(notifications.appId, app.id))).toHaveLength(5);
  expect(await database.select().from(purchases).where(eq(purchases.appId, app.id))).toHaveLength(1);
});

test("two processes at one run: each page counts once, each drift is listed once", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app, amount: 100_000 });
  for (let index = 0; index < 110; index += 1) await refundInDashboard(harness, purchase, 10);
  const runId = await ask(app, new Date(harness.clock.now().getTime() - day));
  const [run] = await Promise.all([driveRun(harness, runId), driveRun(harness, runId)]);
  expect(run).toMatchObject({ status: "done", refundsListed: 110, eventsListed: 220, eventsPulled: 220 });
  expect(await driftsOfRun(harness.dependencies, runId)).toHaveLength(330);
  await expectBooksEqual(harness, app);
});

test("a run that rested until Stripe forgot its place in the list starts that list again", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app, amount: 100_000 });
  for (let index = 0; index < 60; index += 1) await refundInDashboard(harness, purchase, 10);
  const runId = await ask(app, new Date(harness.clock.now().getTime() - day));
  for (;;) {
    const { run } = await takeStep(harness.dependencies, { runId });
    if (run.phase === "list_events" && run.cursor !== null) break;
  }
  await harness.advance(31 * day);
  expect(await driveRun(harness, runId)).toMatchObject({
    status: "done",
    refundsListed: 60,
    eventsListed: 100,
  });
});

/** Cuts the process off at its 1st, 2nd, … transaction or request, until it gets through. */
async function dyingAtEachStatement(runId: string): Promise<RunRow> {
  for (let survives = 1; survives < 400; survives += 1) {
    let left = survives;
    const dying = {
      ...harness.dependencies,
      database: mortal(harness.dependencies.database, () => left-- > 0),
    };
    try {
      for (;;) {
        const { run } = await takeStep(dying, { runId });
        if (run.status !== "running") {
          expect(survives).toBeGreaterThan(10);
          return run;
        }
      }
    } catch (error) {
      if (!(error instanceof Error) || error.message !== "the process is gone") throw error;
    }
  }
  throw new Error("it never gets through");
}

function mortal<Target extends object>(target: Target, lives: () => boolean): Target {
  const entries = new Set<PropertyKey>(["transaction", "select", "insert", "update", "execute"]);
  return new Proxy(target, {
    get(from, name) {
      if (entries.has(name) && !lives()) throw new Error("the process is gone");
      const member: unknown = Reflect.get(from, name);
      return typeof member === "function" ? member.bind(from) : member;
    },
  });
}
