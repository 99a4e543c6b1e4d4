import { refunds } from "@redress/database";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { asker, driveRun, expectBooksEqual, refundInDashboard } from "./books.fixture.ts";
import { listComparisons } from "./list-comparisons.ts";
import { reconcileDue } from "./reconcile-due.ts";
import { driftsOfRun } from "./record-drift.ts";
import { comparedApps, startAskedRun } from "./start-asked-run.ts";
import { takeStep } from "./take-step.ts";

// A defect of the desk's own at one refund, or at one step, must not keep an account's books from being
// compared for ever, and never in silence. The defect here is a trigger: the database refuses a statement.
const hour = 60 * 60 * 1000;
const logged: object[] = [];
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  harness.dependencies.logger.error = (facts) => void logged.push(facts);
});
beforeEach(() => {
  logged.length = 0;
});
afterAll(() => harness.close());

const alerts = () => logged.flatMap((facts) => ("alert" in facts ? [facts.alert] : []));

/** The database fails at each row of a table in which a column has this value, until told otherwise. */
async function defect(table: "refunds" | "drifts", column: string, value: string) {
  const { database } = harness.dependencies;
  const name = `defect_${column}`;
  await database.execute(
    sql.raw(
      `create or replace function ${name}() returns trigger language plpgsql as $$ begin raise exception 'a defect, customer@example.com'; end $$`,
    ),
  );
  await database.execute(
    sql.raw(
      `create trigger ${name} before insert on ${table} for each row when (new.${column} = '${value}') execute function ${name}()`,
    ),
  );
  return () => database.execute(sql.raw(`drop trigger ${name} on ${table}`));
}

async function start(app: TestApp): Promise<string> {
  const row = (await comparedApps(harness.dependencies)).find(({ id }) => id === app.id);
  if (!row) throw new Error("no app");
  await harness.advance(1_000);
  const since = new Date(harness.clock.now().getTime() - hour);
  return (await startAskedRun(harness.dependencies, { askedBy: asker, app: row, since })).runId;
}

test("one refund that cannot be compared is listed for a person; the others are, and the run comes to its end", async () => {
  const app = await harness.app();
  const purchase = await harness.purchase({ app });
  const ids = [1_000, 2_000, 3_000].map((amount) => refundInDashboard(harness, purchase, amount));
  const [first, spoilt, last] = await Promise.all(ids);
  const mend = await defect("refunds", "stripe_refund_id", spoilt ?? "");
  const run = await driveRun(harness, await start(app));
  expect(run).toMatchObject({ status: "done", refundsListed: 3, lastError: null });
  const drifts = await driftsOfRun(harness.dependencies, run.id);
  const story = drifts.map(({ kind, subjectId, rightSide }) => [kind, subjectId, rightSide]);
  expect(story).toEqual(
    expect.arrayContaining([
      ["refund_missing_here", first, "stripe"],
      ["refund_not_compared", spoilt, "undecided"],
      ["refund_missing_here", last, "stripe"],
    ]),
  );
  const { database } = harness.dependencies;
  expect(await database.$count(refunds, eq(refunds.purchaseId, purchase.id))).toBe(2);
  expect(alerts()).toEqual(["drift_undecided"]);

  await mend();
  await driveRun(harness, await start(app));
  await expectBooksEqual(harness, app);
});

test("what passes by itself is no drift: the step is repeated first", async () => {
  const app = await harness.app();
  const spoilt = await refundInDashboard(harness, await harness.purchase({ app }), 1_000);
  const mend = await defect("refunds", "stripe_refund_id", spoilt);
  const runId = await start(app);
  const { run } = await takeStep(harness.dependencies, { runId });
  expect(run).toMatchObject({ status: "running", attemptCount: 1 });
  // It says so, without the words of the error, which may hold personal data.
  expect(run.lastError).toMatch(/^The desk itself failed/);
  expect(run.nextAttemptAt?.getTime()).toBeGreaterThan(harness.clock.now().getTime());
  await mend();
  await driveRun(harness, runId);
  const kinds = (await driftsOfRun(harness.dependencies, runId)).map(({ kind }) => kind);
  expect(kinds).toContain("refund_missing_here");
  expect(kinds).not.toContain("refund_not_compared");
  expect(alerts()).toEqual([]);
});

test("a step that fails each time ends the run with an alert, and the next hour's run is not kept out", async () => {
  const app = await harness.app();
  await refundInDashboard(harness, await harness.purchase({ app }), 1_000);
  const mend = await defect("drifts", "kind", "event_missing");
  const sweepFor = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      await harness.advance(60_000);
      await reconcileDue(harness.dependencies);
    }
  };
  const last = async () =>
    (await listComparisons(harness.dependencies, { appIds: [app.id] }))[0]?.last ?? null;
  await sweepFor(80);
  expect(await last()).toMatchObject({
    kind: "scheduled",
    status: "failed",
    lastError: expect.stringMatching(/given up/),
  });
  expect(alerts()).toContain("comparison_failed");
  await mend();
  await sweepFor(61);
  expect(await last()).toMatchObject({ kind: "scheduled", status: "done", lastError: null });
  await expectBooksEqual(harness, app);
});
