import { approvals, bulkRefundItems, refunds } from "@redress/database";
import { and, count, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { verifyAudit } from "../audit/verify-audit.ts";
import { type Harness, startHarness, type TestPurchase } from "../testing/harness.ts";
import { startProcess } from "../testing/start-process.ts";
import { getBulk } from "./bulk-view.ts";
import { approveBulk } from "./decide-bulk.ts";
import { requestBulk } from "./request-bulk.ts";

// A list survives kill -9 at any moment: every line is refunded exactly once, and the log says so.
const lines = 80;
const kills: (() => Promise<unknown>)[] = [];
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await Promise.all(kills.map((kill) => kill()));
  await harness.close();
});

test("a run that is killed five times returns each purchase once, and nothing is left open", async () => {
  const { dependencies } = harness;
  const { database } = dependencies;
  const app = await harness.app();
  const bought: TestPurchase[] = [];
  for (let index = 0; index < lines; index += 1)
    bought.push(await harness.purchase({ app, amount: 1_000 + index }));
  const { bulkRefundId } = await requestBulk(dependencies, {
    ...{ appId: app.id, correlationId: "cor_kill", requester: { kind: "operator", id: "opr_owner" } },
    source: { kind: "rows", rows: bought.map(({ id }) => ({ purchase: id })) },
  });
  const made = () => database.$count(refunds, eq(refunds.bulkRefundId, bulkRefundId));
  const read = () => getBulk(dependencies, { bulkRefundId });
  // Each process is past the grace periods of the one before it.
  let started = 0;
  const start = async () => {
    const child = await startProcess(harness, { CLOCK_OFFSET_MS: String(120_000 * started) });
    kills.push(child.kill);
    started += 1;
    return child;
  };

  const first = await start();
  await vi.waitFor(async () => expect((await read()).lines.listed.count).toBeLessThan(lines), {
    timeout: 30_000,
    interval: 20,
  });
  await first.kill();
  let child = await start();
  await vi.waitFor(async () => expect((await read()).status).toBe("awaiting_approval"), {
    timeout: 60_000,
    interval: 50,
  });
  const operatorId = (await harness.operator("approver")).id;
  const listHash = (await read()).listHash ?? "";
  await approveBulk(dependencies, { bulkRefundId, operatorId, listHash, correlationId: "cor_kill" });
  for (let killed = 1; killed <= 4; killed += 1) {
    const before = await made();
    await vi.waitFor(async () => expect(await made()).toBeGreaterThan(before + 5), {
      timeout: 60_000,
      interval: 20,
    });
    await child.kill();
    child = await start();
  }

  await vi.waitFor(
    async () => {
      expect((await read()).refunds).toMatchObject([{ status: "succeeded", count: lines }]);
      expect((await read()).status).toBe("finished");
    },
    { timeout: 90_000, interval: 200 },
  );
  expect(started).toBe(6);
  const atStripe: number[] = [];
  for (const purchase of bought) atStripe.push((await harness.stripeRefunds(purchase)).length);
  expect(atStripe).toEqual(Array.from({ length: lines }, () => 1));
  const [approved] = await database
    .select({ count: count() })
    .from(approvals)
    .innerJoin(refunds, eq(refunds.approvalId, approvals.id))
    .where(and(eq(refunds.bulkRefundId, bulkRefundId), eq(approvals.decidedById, operatorId)));
  expect(approved?.count).toBe(lines);
  const open = and(eq(bulkRefundItems.bulkRefundId, bulkRefundId), eq(bulkRefundItems.status, "ready"));
  expect(await database.$count(bulkRefundItems, open)).toBe(0);
  await vi.waitFor(async () => expect(await verifyAudit({ database })).toMatchObject({ valid: true }), {
    timeout: 20_000,
    interval: 200,
  });
}, 300_000);
