import { refunds, restores } from "@redress/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { releaseRefunds } from "../apps/stop-refunds.ts";
import { getBulk } from "../bulk/bulk-view.ts";
import { approveBulk } from "../bulk/decide-bulk.ts";
import { prepareList } from "../bulk/prepare-list.ts";
import { requestBulk } from "../bulk/request-bulk.ts";
import { testRequester } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { beginRestore } from "./begin-restore.ts";
import { markCompared } from "./compared-apps.ts";

// Noting a restore stops all refunds and ends open lists, in one transaction; an app runs again when it was compared and
// a person says so.
let harness: Harness;
const correlationId = "cor_test";

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** A list that waits for a decision. */
async function list(app: TestApp): Promise<string> {
  const purchase = await harness.purchase({ app });
  const rows = [{ purchase: purchase.id, amount: { amount: 1_000, currency: "eur" } }];
  const source = { kind: "rows", rows } as const;
  const request = { appId: app.id, source, requester: testRequester, correlationId };
  const { bulkRefundId } = await requestBulk(harness.dependencies, request);
  while (!(await prepareList(harness.dependencies, { bulkRefundId, forMs: 0, correlationId })));
  return bulkRefundId;
}

test("every app is stopped, lists are ended, and nothing runs before it was compared", async () => {
  const { dependencies } = harness;
  const { database } = dependencies;
  const app = await harness.app();
  const [waiting, running] = [await list(app), await list(app)];
  const operatorId = (await harness.operator("approver")).id;
  const listHash = (await getBulk(dependencies, { bulkRefundId: running })).listHash ?? "";
  await approveBulk(dependencies, { bulkRefundId: running, operatorId, listHash, correlationId });

  const begun = await beginRestore(dependencies, { correlationId });
  expect(begun).toMatchObject({ resumed: false, stoppedApps: 1, endedLists: 2 });
  const statusOf = async (bulkRefundId: string) => (await getBulk(dependencies, { bulkRefundId })).status;
  expect([await statusOf(waiting), await statusOf(running)]).toEqual(["withdrawn", "canceled"]);
  expect(await database.$count(refunds)).toBe(0);

  const actor = { kind: "operator", id: operatorId } as const;
  const release = { slug: app.slug, actor, correlationId };
  await expect(releaseRefunds(dependencies, release)).rejects.toThrow("not compared with Stripe");
  // The same one goes on until all were compared; then the next is another.
  expect(await beginRestore(dependencies, { correlationId })).toMatchObject({
    resumed: true,
    stoppedApps: 0,
  });
  await markCompared(dependencies, { restoreId: begun.restore.id, appId: app.id });
  expect((await releaseRefunds(dependencies, release)).refundsStopped).toBeNull();
  expect(await beginRestore(dependencies, { correlationId })).toMatchObject({
    resumed: false,
    stoppedApps: 1,
  });
  const floors = (await database.select().from(restores)).map(({ sequenceFloor }) => sequenceFloor);
  expect(floors.sort()).toEqual([1_000_000, 2_000_000]);
});
