import { approveRefund } from "@redress/core/approvals/approve-refund";
import { releaseRefunds } from "@redress/core/apps/stop-refunds";
import { sealAudit } from "@redress/core/audit/seal-audit";
import { verifyAudit } from "@redress/core/audit/verify-audit";
import { expectBooksEqual } from "@redress/core/reconciliation/books.fixture";
import { getRefund } from "@redress/core/refunds/get-refund";
import { askRefund, driveRefund, execute, testAgent } from "@redress/core/testing/drive-refund";
import { createEventDesk } from "@redress/core/testing/event-desk";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "@redress/core/testing/harness";
import { sweep } from "@redress/core/workflows/sweep";
import { connectDatabase, type DatabaseConnection, notifications, refunds } from "@redress/database";
import { copyTestDatabase, type TestDatabase } from "@redress/database/testing";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "./run.ts";

// After a restore from a backup nothing is paid twice: what was approved, asked for or made since the backup is found at
// Stripe before anything is sent. The backup is a copy of the database (`create database … template`), the loss is what
// the desk did after it, and Stripe's ledger is the judge. Stripe has forgotten every key by then.
const day = 24 * 60 * 60 * 1000;
let harness: Harness;
let app: TestApp;
let approver: { id: string };
let admin: { id: string };
let copies: TestDatabase[] = [];
const connections: DatabaseConnection[] = [];

beforeEach(async () => {
  harness = await startHarness();
  app = await harness.app({ slug: "my-shop", approvalRules: [{ amount: 2_000, currency: "eur" }] });
  [approver, admin] = await Promise.all([harness.operator("approver"), harness.operator("admin")]);
});
afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
  for (const copy of copies) await copy.drop();
  copies = [];
  await harness.close();
});

async function backUp(): Promise<string> {
  const copy = await copyTestDatabase(harness);
  copies.push(copy);
  return copy.connectionString;
}

/** The same desk on a restored database. */
function deskOn(connectionString: string): Harness {
  const connection = connectDatabase({ connectionString });
  connections.push(connection);
  return { ...harness, dependencies: { ...harness.dependencies, database: connection.database } };
}

async function redress(connectionString: string, ...words: string[]) {
  let out = "";
  let err = "";
  const code = await run(
    words,
    { NODE_ENV: "test", DATABASE_URL: connectionString, REDRESS_SANDBOX_ORIGIN: harness.sandbox.origin },
    { out: { write: (text) => (out += text) }, err: { write: (text) => (err += text) } },
    new AbortController().signal,
  );
  return { code, out, err };
}

const approve = (refundId: string) =>
  approveRefund(harness.dependencies, { refundId, operatorId: approver.id, correlationId: "cor_test" });
const amountsAtStripe = async (purchase: TestPurchase) =>
  (await harness.stripeRefunds(purchase)).map(({ amount }) => amount);

/** What the desk has when it is backed up, and what happens after that. */
async function loseTime() {
  const buy = () => harness.purchase({ app });
  const [ready, waiting, unknown, later, unsent] = await Promise.all([buy(), buy(), buy(), buy(), buy()]);
  // A person's, approved and not sent; an agent's that waits; one whose answer is lost; one that is never sent.
  const approved = await askRefund(harness, ready, { amount: 3_000 });
  await approve(approved.id);
  const asked = await askRefund(harness, waiting, { amount: 4_000, requester: testAgent, requestKey: "k-1" });
  const small = await askRefund(harness, unknown, { amount: 1_000 });
  await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
  expect(await execute(harness, small.id)).toBe("again");
  await harness.sandbox.admin.clearFaults();
  const never = await askRefund(harness, unsent, { amount: 5_000 });
  await approve(never.id);

  const backup = await backUp();

  await execute(harness, approved.id);
  await approve(asked.id);
  await execute(harness, asked.id);
  await driveRefund(harness, small.id);
  // An agent's that the policy lets out, and one of a purchase that the backup does not know: all of it.
  const lost = { amount: 1_500, requester: testAgent, requestKey: "k-2" };
  const agents = await askRefund(harness, later, lost);
  await execute(harness, agents.id);
  const sold = await buy();
  const whole = await askRefund(harness, sold);
  await approve(whole.id);
  await execute(harness, whole.id);
  await harness.advance(25 * 60 * 60 * 1000);
  const bought = { ready, waiting, unknown, later, unsent, sold };
  return { backup, bought, approved, asked, small, never, agents, whole, lost };
}

async function expectPaidOnce({ ready, waiting, unknown, later, sold }: Record<string, TestPurchase>) {
  const paid = [ready, waiting, unknown, later, sold].map((one) => one && amountsAtStripe(one));
  expect(await Promise.all(paid)).toEqual([[3_000], [4_000], [1_000], [1_500], [10_000]]);
}

test("what was made since the backup is taken in, nothing is paid twice, and the books are equal", async () => {
  const { backup: restored, bought, approved, asked, never, agents, lost } = await loseTime();
  const told = await redress(restored, "reconcile", "--after-restore");
  expect([told.code, told.err.split("\n")[0]]).toEqual([
    0,
    expect.stringContaining("Refunds of 1 app were stopped"),
  ]);
  // The person is told what would be sent yet, and only that.
  expect(told.out).toContain(`${never.id}, €50.00: approved, and Stripe has no refund of it\n`);
  expect(told.out).not.toContain(`${approved.id}, €`);

  // The server is started: until a person lets refunds run, it sends none.
  const desk = deskOn(restored);
  const { work } = createEventDesk(desk);
  await sweep(desk.dependencies);
  await work();
  await expectPaidOnce(bought);
  expect(await amountsAtStripe(bought.unsent)).toEqual([]);

  const release = {
    slug: app.slug,
    actor: { kind: "operator", id: admin.id },
    correlationId: "cor_test",
  } as const;
  await releaseRefunds(desk.dependencies, release);
  await work();
  await sweep(desk.dependencies);
  await work();
  await expectPaidOnce(bought);
  expect(await amountsAtStripe(bought.unsent)).toEqual([5_000]);
  await expectBooksEqual(desk, app);

  // The row of what was approved is the refund; of what was approved since, nobody knows by whom.
  expect(await getRefund(desk.dependencies, { refundId: approved.id })).toMatchObject({
    status: "succeeded",
  });
  expect(await getRefund(desk.dependencies, { refundId: asked.id })).toMatchObject({ status: "withdrawn" });
  const { database } = desk.dependencies;
  const rows = await database.select().from(refunds).where(eq(refunds.origin, "stripe"));
  expect(rows.map(({ lostRefundId }) => lostRefundId)).toEqual(expect.arrayContaining([asked.id, agents.id]));

  // An agent asks again, under the id that is lost here or under another, next week or next month.
  for (const requestKey of ["k-2", "k-3"]) {
    const again = await askRefund(desk, bought.later, { ...lost, requestKey });
    expect(again).toMatchObject({ origin: "stripe", amount: 1_500 });
    await harness.advance(30 * day);
  }
  const kept = await askRefund(desk, bought.waiting, {
    amount: 4_000,
    requester: testAgent,
    requestKey: "k-1",
  });
  expect(kept.id).toBe(asked.id);
  await work();
  await expectPaidOnce(bought);

  // An app that has seen messages which are lost here takes the next ones for newer.
  const messages = await database.select().from(notifications).where(eq(notifications.refundId, approved.id));
  expect(messages.map(({ sequence }) => sequence > 1_000_000)).toEqual([true]);
  await sealAudit(desk.dependencies);
  expect(await verifyAudit(desk.dependencies)).toMatchObject({ valid: true, unsealed: 0 });
}, 400_000);

test("without it the restored desk pays again: what these tests would see", async () => {
  const { backup, bought, approved } = await loseTime();
  const desk = deskOn(backup);
  await execute(desk, approved.id);
  expect(await amountsAtStripe(bought.ready)).toEqual([3_000, 3_000]);
}, 400_000);

test("it runs with no server beside it, goes on where it was, and lets nothing run that was not compared", async () => {
  const restored = await backUp();
  const desk = deskOn(restored);
  await desk.dependencies.database.select().from(refunds);
  const beside = await redress(restored, "reconcile", "--after-restore");
  expect([beside.code, beside.err]).toEqual([1, expect.stringContaining("Stop every server first")]);
  await connections.splice(0)[0]?.close();

  // The account was disconnected in the lost time: what the app would send cannot be looked for.
  await harness.app({ slug: "other-shop" });
  const restoredLater = await backUp();
  await harness.sandbox.admin.revokeAccount(app.accountId);
  const first = await redress(restoredLater, "reconcile", "--after-restore");
  expect(first.code).toBe(1);
  const again = deskOn(restoredLater);
  const release = {
    slug: app.slug,
    actor: { kind: "operator", id: admin.id },
    correlationId: "cor_test",
  } as const;
  await expect(releaseRefunds(again.dependencies, release)).rejects.toThrow("not compared with Stripe");
}, 400_000);
