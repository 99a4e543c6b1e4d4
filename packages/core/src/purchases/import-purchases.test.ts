import { apps, auditLogs, notifications, outboxMessages, purchases, refunds } from "@redress/database";
import { and, count, eq, isNull } from "drizzle-orm";
import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { getApp } from "../apps/get-app.ts";
import { clearConnection } from "../connect/clear-connection.ts";
import type { Step } from "../durable/port.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { settleRefund } from "../refunds/settle-refund.ts";
import { createStripeClient } from "../stripe/client.ts";
import { spendShare } from "../stripe/request-share.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { purchaseImportWorkflow } from "../workflows/purchase-import.ts";
import { importPurchasePage } from "./import-purchases.ts";

let desk: Harness;
beforeEach(async () => {
  desk = await startHarness();
});
afterEach(() => desk.close());

/** An app whose import was just asked for, as a connection leaves it. */
async function importingApp(): Promise<TestApp> {
  const app = await desk.app();
  await desk.dependencies.database.update(apps).set({ importStatus: "running" }).where(eq(apps.id, app.id));
  return app;
}

const seed = (app: TestApp, charges: number) =>
  desk.sandbox.admin.seed({ account: app.accountId, count: charges, seed: 7 });
const importPage = (app: TestApp, limit?: number) =>
  importPurchasePage(desk.dependencies, { appId: app.id, ...(limit !== undefined && { limit }) });

/** The merchant, acting alone with its own key. */
async function merchant(app: TestApp): Promise<Stripe> {
  const { accounts } = await desk.sandbox.admin.listAccounts();
  const secretKey = accounts.find(({ id }) => id === app.accountId)?.secretKey;
  if (secretKey === undefined) throw new Error(`no account ${app.accountId}`);
  return createStripeClient({ secretKey, apiOrigin: desk.sandbox.origin });
}

async function importAll(app: TestApp, limit?: number): Promise<number[]> {
  const pages: number[] = [];
  for (let done = false; !done; ) {
    const page = await importPage(app, limit);
    pages.push(page.imported);
    done = page.done;
  }
  return pages;
}

async function countPurchases(app: TestApp): Promise<number> {
  const [row] = await desk.dependencies.database
    .select({ count: count() })
    .from(purchases)
    .where(and(eq(purchases.appId, app.id), eq(purchases.stripeAccountId, app.accountId)));
  return row?.count ?? 0;
}

const importOf = async (app: TestApp) => (await getApp(desk.dependencies, { slug: app.slug })).import;

test("all charges that took money become purchases, page by page, and no others", async () => {
  const app = await importingApp();
  await seed(app, 230);
  const stripe = await merchant(app);
  const pay = { amount: 2000, currency: "usd", confirm: true, payment_method_types: ["card"] };
  await stripe.paymentIntents.create({ ...pay, payment_method: "pm_card_visa", capture_method: "manual" });
  await stripe.paymentIntents
    .create({ ...pay, payment_method: "pm_card_chargeDeclined" })
    .catch((error: unknown) => expect(error).toMatchObject({ statusCode: 402 }));
  expect(await importAll(app)).toEqual([98, 100, 32]);
  expect(await countPurchases(app)).toBe(230);
  expect(await importOf(app)).toEqual({ status: "done", importedCount: 230, error: null });
  const [entry] = await desk.dependencies.database
    .select({ details: auditLogs.details })
    .from(auditLogs)
    .where(eq(auditLogs.action, "purchases_imported"));
  expect(entry?.details).toEqual({ stripeAccountId: app.accountId, count: 230 });
  expect(await importPage(app)).toEqual({ done: true, imported: 0, pauseMs: 0 });
});

test("after a burst an import pauses, so that it never takes more than its share of Stripe's limit", async () => {
  const app = await importingApp();
  await seed(app, 300);
  const pauses: number[] = [];
  for (let done = false; !done; ) {
    const page = await importPage(app, 10);
    done = page.done;
    pauses.push(page.pauseMs);
    await desk.advance(page.pauseMs);
  }
  expect(pauses.slice(0, 20)).toEqual(Array(20).fill(0));
  expect(pauses.slice(20)).toEqual(Array(pauses.length - 20).fill(200));
  expect(pauses.length).toBeGreaterThanOrEqual(30);
});

test("the import's workflow sleeps as long as it is told", async () => {
  const app = await importingApp();
  await seed(app, 110);
  await spendShare(desk.dependencies, "import", 20);
  const slept: number[] = [];
  const step: Step = {
    run: (_name, work) => work(),
    sleep: async (_name, milliseconds) => void slept.push(milliseconds),
  };
  await purchaseImportWorkflow(desk.dependencies).run({ messageId: "msg_1", data: { appId: app.id }, step });
  expect(slept).toEqual([200]);
  expect(await countPurchases(app)).toBe(110);
});

test("a long import goes on with a message of its own, so that no run holds more steps than engines take", async () => {
  const app = await importingApp();
  await seed(app, 230);
  const { database, random, clock } = desk.dependencies;
  const step: Step = { run: (_name, work) => work(), sleep: async () => {} };
  const workflow = purchaseImportWorkflow(desk.dependencies, { pages: 2 });
  const data = { appId: app.id };
  const open = and(isNull(outboxMessages.completedAt), eq(outboxMessages.name, "purchases/import.requested"));
  const asked = { name: "purchases/import.requested", factKey: "asked", data } as const;
  await database.transaction((transaction) => enqueue({ random, clock }, transaction, asked));
  const runs: number[] = [];
  for (let [message] = await database.select().from(outboxMessages).where(open); message; ) {
    await workflow.run({ messageId: message.id, data, step });
    runs.push(await countPurchases(app));
    [message] = await database.select().from(outboxMessages).where(open);
  }
  expect(runs).toEqual([200, 230]);
  expect(await importOf(app)).toMatchObject({ status: "done", importedCount: 230 });
});

test("an import that is interrupted goes on where it stopped", async () => {
  const app = await importingApp();
  await seed(app, 25);
  await importPage(app, 10);
  await desk.sandbox.admin.addFault({ fault: "drop_before", path: "/v1/charges" });
  await expect(importPage(app, 10)).rejects.toMatchObject({ code: "stripe_unavailable" });
  expect(await importOf(app)).toMatchObject({ status: "running", importedCount: 10 });
  expect(await importAll(app, 10)).toEqual([10, 5]);
  expect(await countPurchases(app)).toBe(25);
  expect(await importOf(app)).toMatchObject({ status: "done", importedCount: 25 });
});

test("a page that two workers take in is counted once", async () => {
  const app = await importingApp();
  await seed(app, 20);
  await Promise.all([importPage(app), importPage(app), importPage(app)]);
  expect(await countPurchases(app)).toBe(20);
  expect(await importOf(app)).toEqual({ status: "done", importedCount: 20, error: null });
});

test("refunds that were made before are taken in, waiting ones and long lists too, and no app is told", async () => {
  const app = await importingApp();
  const stripe = await merchant(app);
  const charge = (paymentMethod: string) =>
    desk.sandbox.admin.createCharge({
      account: app.accountId,
      amount: 5000,
      currency: "eur",
      payment_method: paymentMethod,
      silent: true,
    });
  const [often, waiting] = [await charge("pm_card_bypassPending"), await charge("pm_card_pendingRefund")];
  for (let at = 0; at < 12; at++) await stripe.refunds.create({ charge: often.id, amount: 100 });
  await stripe.refunds.create({ charge: waiting.id });
  desk.clock.set(new Date(desk.clock.now().getTime() + 10 * 60_000));
  await desk.connect(app, app.accountId);
  await importAll(app);
  const rows = await desk.dependencies.database.select().from(refunds);
  const of = (chargeId: string) => rows.filter((row) => row.stripeChargeId === chargeId);
  expect(of(often.id)).toHaveLength(12);
  expect(of(waiting.id)).toMatchObject([{ origin: "stripe", status: "pending", amount: 5000 }]);
  const messages = await desk.dependencies.database
    .select({ name: outboxMessages.name })
    .from(outboxMessages);
  expect(messages.filter(({ name }) => name === "notification/delivery.due")).toEqual([]);
});

test("a refund made after the connection is told, though the import brings it before its webhook", async () => {
  const app = await importingApp();
  const { id: charge } = await desk.sandbox.admin.createCharge({
    account: app.accountId,
    amount: 5000,
    currency: "eur",
    silent: true,
  });
  await desk.advance(10 * 60_000);
  const refund = await (await merchant(app)).refunds.create({ charge });
  await desk.advance(1_000);
  await importAll(app);
  const told = await desk.dependencies.database.select().from(notifications);
  expect(told).toMatchObject([{ type: "refund.succeeded", access: "revoke" }]);
  const { accountId } = app;
  await settleRefund(desk.dependencies, {
    stripeRefund: refund,
    accountId,
    source: "stripe_webhook",
    correlationId: "evt_late",
    fresh: false,
  });
  expect(await desk.dependencies.database.select().from(notifications)).toHaveLength(1);
});

test("the import ends when the app is disconnected in the middle", async () => {
  const app = await importingApp();
  await seed(app, 15);
  await importPage(app, 10);
  await desk.dependencies.database.transaction((transaction) =>
    clearConnection(desk.dependencies, transaction, {
      accountId: app.accountId,
      reason: "operator",
      actor: { kind: "operator", id: "opr_admin" },
      correlationId: "cor_test",
    }),
  );
  expect(await importPage(app, 10)).toEqual({ done: true, imported: 0, pauseMs: 0 });
  expect(await countPurchases(app)).toBe(10);
});

test("an account that is lost meanwhile fails the import, with the reason, and is disconnected", async () => {
  const [app] = [await importingApp(), await desk.app()];
  await desk.sandbox.admin.revokeAccount(app.accountId);
  expect(await importPage(app)).toEqual({ done: true, imported: 0, pauseMs: 0 });
  const view = await getApp(desk.dependencies, { slug: app.slug });
  expect(view.connection).toBeNull();
  expect(view.disconnected?.reason).toBe("access_lost");
  expect(view.import).toMatchObject({
    status: "failed",
    error: expect.stringContaining("does not have access"),
  });
});

test("a dispute that was opened before anybody listened blocks refunds, and one that was won does not", async () => {
  const app = await importingApp();
  const charge = () =>
    desk.sandbox.admin.createCharge({ account: app.accountId, amount: 5_000, currency: "eur", silent: true });
  const [open, won] = [await charge(), await charge()];
  const account = app.accountId;
  await desk.sandbox.admin.createDispute({ account, charge: open.id });
  const ended = await desk.sandbox.admin.createDispute({ account, charge: won.id });
  await desk.sandbox.admin.closeDispute(ended.id, { account, status: "won" });
  await importAll(app);
  const rows = await desk.dependencies.database.select().from(purchases).where(eq(purchases.appId, app.id));
  const facts = rows.map((row) => [row.stripeChargeId, row.disputeStatus, row.refundsBlockedByDispute]);
  expect(facts).toEqual(
    expect.arrayContaining([
      [open.id, "needs_response", true],
      [won.id, "won", false],
    ]),
  );
});
