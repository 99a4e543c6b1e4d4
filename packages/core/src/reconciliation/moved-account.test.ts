import { apps, drifts, reconciliationRuns, refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countUndecidedDrifts } from "../list-open-alerts.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { asker, driveRun, refundInDashboard } from "./books.fixture.ts";
import { listComparisons } from "./list-comparisons.ts";
import { listDrifts } from "./list-drifts.ts";
import { comparedApps, startAskedRun } from "./start-asked-run.ts";

// Invariant 7: an account may move from one app to another. What the new app's comparison finds out about
// the old one's refunds stays the old one's.
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** A refund in the Dashboard of an app's purchase, found by the comparison of the app that the account went to. */
async function movedAccount() {
  const was = await harness.app();
  const is = await harness.app();
  const purchase = await harness.purchase({ app: was });
  const { database } = harness.dependencies;
  const none = { stripeAccountId: null, stripeLivemode: null, stripeScope: null };
  const link = { ...none, connectedAt: null, connectedBy: null };
  await database.update(apps).set(link).where(eq(apps.id, was.id));
  await harness.connect(is, was.accountId);
  await refundInDashboard(harness, purchase, 4_000);
  const row = (await comparedApps(harness.dependencies)).find(({ id }) => id === is.id);
  if (!row) throw new Error("no app");
  const since = new Date(harness.clock.now().getTime() - 60 * 60 * 1000);
  const { runId } = await startAskedRun(harness.dependencies, { askedBy: asker, app: row, since });
  await driveRun(harness, runId);
  return { was, is, runId };
}

test("the drift is the purchase's app's: the app that the account went to sees and counts none of it", async () => {
  const { was, is } = await movedAccount();
  const { database } = harness.dependencies;
  const ofRefunds = async (appIds: string[]) =>
    (await listDrifts(harness.dependencies, { appIds })).drifts.filter(({ refundId }) => refundId !== null);
  expect(await ofRefunds([is.id])).toEqual([]);
  expect(await ofRefunds([was.id])).toMatchObject([
    { kind: "refund_missing_here", action: "taken_in", app: { slug: was.slug } },
  ]);
  const [view] = await listComparisons(harness.dependencies, { appIds: [is.id] });
  const { drifts: seen } = await listDrifts(harness.dependencies, { appIds: [is.id], limit: 100 });
  expect(view?.last?.driftCount).toBe(seen.length);
  await database.update(drifts).set({ rightSide: "undecided" }).where(eq(drifts.kind, "refund_missing_here"));
  const undecided = (appId: string) => countUndecidedDrifts(harness.dependencies, { appIds: [appId] });
  expect([await undecided(is.id), await undecided(was.id)]).toEqual([0, 1]);
});

test("the database takes no drift of a refund for another app than the refund's", async () => {
  const { was, is, runId } = await movedAccount();
  const { database } = harness.dependencies;
  const [refund] = await database.select().from(refunds).where(eq(refunds.appId, was.id));
  const [run] = await database.select().from(reconciliationRuns).where(eq(reconciliationRuns.id, runId));
  expect(run?.appId).toBe(is.id);
  const misfiled = database.insert(drifts).values({
    id: "drf_misfiled",
    runId,
    appId: is.id,
    kind: "refund_differs",
    subjectId: "re_any",
    refundId: refund?.id ?? "",
    rightSide: "stripe",
    action: "settled",
    foundAt: harness.clock.now(),
  });
  await expect(misfiled).rejects.toMatchObject({ cause: { constraint: "drifts_refund_of_app" } });
});
