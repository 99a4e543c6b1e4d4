import { auditLogs, purchaseImports, purchases, refunds } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createStripeClient } from "../stripe/client.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { startProcess } from "../testing/start-process.ts";
import { beginImport } from "./begin-import.ts";

// An import survives kill -9 at any moment: every charge is one purchase, every refund is there once, and the counts
// that people see are those of the account.
const chargeCount = 6_000;
const refundCount = 24;
const kills: (() => Promise<unknown>)[] = [];
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await Promise.all(kills.map((kill) => kill()));
  await harness.close();
});

/** Spread over the history, so that a kill also meets pages that bring more than charges. */
async function refundSome({ accountId }: TestApp, charges: readonly string[]): Promise<void> {
  const { accounts } = await harness.sandbox.admin.listAccounts();
  const secretKey = accounts.find(({ id }) => id === accountId)?.secretKey ?? "";
  const merchant = createStripeClient({ secretKey, apiOrigin: harness.sandbox.origin });
  const apart = Math.floor(charges.length / refundCount);
  for (let index = 0; index < refundCount; index += 1) {
    await merchant.refunds.create({ charge: charges[index * apart] ?? "" });
  }
}

test("an import that is killed four times leaves nothing out and takes nothing in twice", async () => {
  const { dependencies, sandbox } = harness;
  const { database } = dependencies;
  const app = await harness.app();
  const account = app.accountId;
  const { charges } = await sandbox.admin.seed({ account, count: chargeCount, seed: 7, days: 300 });
  await refundSome(app, charges);
  const importId = await database.transaction((transaction) =>
    beginImport(dependencies, transaction, { appId: app.id, accountId: account }),
  );
  const read = async () => {
    const [row] = await database.select().from(purchaseImports).where(eq(purchaseImports.id, importId));
    if (row === undefined) throw new Error("the import is gone");
    return row;
  };
  // Each process is past the leases and grace periods of the one before it.
  const start = async (number: number) => {
    const child = await startProcess(harness, { CLOCK_OFFSET_MS: String(130_000 * number) });
    kills.push(child.kill);
    return child;
  };

  for (let killed = 0; killed < 4; killed += 1) {
    const child = await start(killed);
    const { pageCount } = await read();
    await vi.waitFor(async () => expect((await read()).pageCount).toBeGreaterThan(pageCount + 2 * killed), {
      timeout: 60_000,
      interval: 5,
    });
    await child.kill();
    // Otherwise this shows nothing.
    expect((await read()).status).toBe("running");
  }
  await start(4);
  await vi.waitFor(async () => expect((await read()).status).toBe("done"), {
    timeout: 90_000,
    interval: 100,
  });

  expect(await read()).toMatchObject({ chargeCount, importedCount: chargeCount, error: null });
  const taken = await database
    .select({ charge: purchases.stripeChargeId })
    .from(purchases)
    .where(eq(purchases.stripeAccountId, account));
  expect(taken.map(({ charge }) => charge).sort()).toEqual([...charges].sort());
  const returned = await database
    .select({ stripeRefundId: refunds.stripeRefundId, status: refunds.status })
    .from(refunds)
    .where(and(eq(refunds.appId, app.id), eq(refunds.origin, "stripe")));
  expect(new Set(returned.map(({ stripeRefundId }) => stripeRefundId)).size).toBe(refundCount);
  expect(returned).toHaveLength(refundCount);
  expect(returned.every(({ status }) => status === "succeeded")).toBe(true);
  expect(await database.$count(auditLogs, eq(auditLogs.action, "purchases_imported"))).toBe(1);
}, 300_000);
