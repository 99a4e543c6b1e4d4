import {
  auditLogs,
  notifications,
  outboxMessages,
  purchaseImports,
  purchaseImportWindows,
  purchases,
  refunds,
} from "@redress/database";
import { and, count, eq, isNull } from "drizzle-orm";
import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { getApp } from "../apps/get-app.ts";
import { clearConnection } from "../connect/clear-connection.ts";
import type { Step } from "../durable/port.ts";
import { settleRefund } from "../refunds/settle-refund.ts";
import { createStripeClient } from "../stripe/client.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { purchaseImportWorkflow } from "../workflows/purchase-import.ts";
import { sweep } from "../workflows/sweep.ts";
import { beginImport } from "./begin-import.ts";
import { WindowHold } from "./hold-window.ts";
import { importPage } from "./import-page.ts";
import { claimWindow } from "./import-windows.ts";
import { type ImportRun, runImport } from "./run-import.ts";

let desk: Harness;
beforeEach(async () => {
  desk = await startHarness();
});
afterEach(() => desk.close());

interface ImportingApp extends TestApp {
  readonly importId: string;
}

/** An app whose import was just asked for, as a connection leaves it. */
async function importingApp(): Promise<ImportingApp> {
  const app = await desk.app();
  return { ...app, importId: await begin(app) };
}

const begin = ({ id: appId, accountId }: TestApp) =>
  desk.dependencies.database.transaction((transaction) =>
    beginImport(desk.dependencies, transaction, { appId, accountId }),
  );

const seed = (app: TestApp, charges: number) =>
  desk.sandbox.admin.seed({ account: app.accountId, count: charges, seed: 7 });

/** Works at an import with a clock that moves instead of waiting. */
const work = (app: ImportingApp, run: Partial<ImportRun> = {}) =>
  runImport(desk.dependencies, {
    importId: app.importId,
    forMs: 600_000,
    parallel: 4,
    pause: (ms) => desk.advance(ms),
    ...run,
  });

/** One page, by somebody who then stops. */
async function onePage(app: ImportingApp, limit: number): Promise<number> {
  const window = await claimWindow(desk.dependencies, app.importId);
  if (typeof window === "string") throw new Error(`nothing to list: ${window}`);
  return importPage(desk.dependencies, new WindowHold(desk.dependencies, window), { limit, parallel: 1 });
}

/** The merchant, acting alone with its own key. */
async function merchant(app: TestApp): Promise<Stripe> {
  const { accounts } = await desk.sandbox.admin.listAccounts();
  const secretKey = accounts.find(({ id }) => id === app.accountId)?.secretKey;
  if (secretKey === undefined) throw new Error(`no account ${app.accountId}`);
  return createStripeClient({ secretKey, apiOrigin: desk.sandbox.origin });
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
  expect(await work(app)).toEqual({ over: true, imported: 230 });
  expect(await countPurchases(app)).toBe(230);
  expect(await importOf(app)).toEqual({ status: "done", importedCount: 230, progress: 1, error: null });
  const [entry] = await desk.dependencies.database
    .select({ details: auditLogs.details })
    .from(auditLogs)
    .where(eq(auditLogs.action, "purchases_imported"));
  expect(entry?.details).toEqual({ stripeAccountId: app.accountId, count: 230 });
  expect(await work(app)).toEqual({ over: true, imported: 0 });
});

test("a history is cut into stretches that are listed side by side, and each charge is counted once", async () => {
  const app = await importingApp();
  await seed(app, 900);
  expect(await work(app, { limit: 10 })).toEqual({ over: true, imported: 900 });
  const windows = await desk.dependencies.database
    .select()
    .from(purchaseImportWindows)
    .where(eq(purchaseImportWindows.importId, app.importId))
    .orderBy(purchaseImportWindows.soldUntil);
  expect(windows.length).toBeGreaterThan(4);
  // Side by side without a gap: each begins where the next older one ends.
  const edges = windows.map(({ soldFrom, soldUntil }) => [soldFrom?.getTime(), soldUntil?.getTime()]);
  expect(edges.slice(1).map(([from]) => from)).toEqual(edges.slice(0, -1).map(([, until]) => until));
  expect([edges.at(0)?.[0], edges.at(-1)?.[1]]).toEqual([undefined, undefined]);
  expect(await countPurchases(app)).toBe(900);
  expect(await importOf(app)).toMatchObject({ status: "done", importedCount: 900 });
});

test("an import takes no more than its share of Stripe's limit, and all of it", async () => {
  const app = await importingApp();
  await seed(app, 1_000);
  const startedAt = desk.clock.now().getTime();
  // Alone, since each that waits moves the clock.
  await work(app, { limit: 10, parallel: 1 });
  const [row] = await desk.dependencies.database
    .select()
    .from(purchaseImports)
    .where(eq(purchaseImports.id, app.importId));
  const seconds = (desk.clock.now().getTime() - startedAt) / 1_000;
  // 20 at once after a quiet time, then 5 a second.
  const allowed = 20 + 5 * seconds;
  expect(row?.pageCount).toBeGreaterThanOrEqual(100);
  expect(row?.pageCount).toBeLessThanOrEqual(allowed);
  expect(row?.pageCount).toBeGreaterThanOrEqual(allowed * 0.9 - 1);
});

test("a long import goes on with a message of its own, so that no run holds more steps than engines take", async () => {
  const app = await importingApp();
  await seed(app, 230);
  const { database } = desk.dependencies;
  const step: Step = { run: (_name, work) => work(), sleep: async () => {} };
  // A shift that is over before the second page.
  const workflow = purchaseImportWorkflow(desk.dependencies, {
    shifts: 2,
    forMs: 1,
    parallel: 1,
    onPage: () => desk.clock.set(new Date(desk.clock.now().getTime() + 1)),
  });
  const data = { appId: app.id };
  const open = and(isNull(outboxMessages.completedAt), eq(outboxMessages.name, "purchases/import.requested"));
  const runs: number[] = [];
  for (let [message] = await database.select().from(outboxMessages).where(open); message; ) {
    await workflow.run({ messageId: message.id, data, step });
    runs.push(await countPurchases(app));
    [message] = await database.select().from(outboxMessages).where(open);
  }
  expect(runs).toEqual([200, 230]);
  expect(await importOf(app)).toMatchObject({ status: "done", importedCount: 230 });
});

test("an import that is interrupted goes on where it stopped, and says how far it has come", async () => {
  const app = await importingApp();
  await seed(app, 60);
  expect(await onePage(app, 10)).toBe(10);
  await desk.sandbox.admin.addFault({ fault: "drop_before", path: "/v1/charges", times: 0 });
  await expect(work(app, { limit: 10 })).rejects.toMatchObject({ code: "stripe_unavailable" });
  expect(await importOf(app)).toMatchObject({ status: "running", importedCount: 10 });
  expect((await importOf(app)).error).not.toBeNull();
  const { progress } = await importOf(app);
  expect(progress).toBeGreaterThan(0);
  expect(progress).toBeLessThan(1);
  await desk.sandbox.admin.clearFaults();
  expect(await work(app, { limit: 10 })).toEqual({ over: true, imported: 50 });
  expect(await countPurchases(app)).toBe(60);
  expect(await importOf(app)).toMatchObject({ status: "done", importedCount: 60, progress: 1, error: null });
});

test("whoever is killed in the middle of a page loses nothing: its stretch is taken over when its lease ends", async () => {
  const app = await importingApp();
  await seed(app, 25);
  await onePage(app, 10);
  // Claimed, and never heard of again.
  expect(await claimWindow(desk.dependencies, app.importId)).toMatchObject({ number: 1 });
  expect(await claimWindow(desk.dependencies, app.importId)).toBe("busy");
  expect(await work(app, { limit: 10 })).toEqual({ over: true, imported: 15 });
  expect(await countPurchases(app)).toBe(25);
});

test("an import that stands still is taken up by the sweep, once in a while", async () => {
  const app = await importingApp();
  const { database } = desk.dependencies;
  const messages = () =>
    database
      .select({ data: outboxMessages.data })
      .from(outboxMessages)
      .where(and(eq(outboxMessages.name, "purchases/import.requested"), isNull(outboxMessages.completedAt)));
  await database.update(outboxMessages).set({ completedAt: desk.clock.now(), sendAt: null });
  await sweep(desk.dependencies);
  expect(await messages()).toEqual([]);
  await desk.advance(300_000);
  await sweep(desk.dependencies);
  await sweep(desk.dependencies);
  expect(await messages()).toEqual([{ data: { appId: app.id } }]);
});

test("a page that two workers take in is counted once", async () => {
  const app = await importingApp();
  await seed(app, 20);
  const window = await claimWindow(desk.dependencies, app.importId);
  if (typeof window === "string") throw new Error(window);
  const twice = () =>
    importPage(desk.dependencies, new WindowHold(desk.dependencies, window), { parallel: 1 });
  const counted = await Promise.all([twice(), twice(), twice()]);
  expect(counted.toSorted((a, b) => a - b)).toEqual([0, 0, 20]);
  expect(await countPurchases(app)).toBe(20);
  expect(await importOf(app)).toEqual({ status: "done", importedCount: 20, progress: 1, error: null });
});

test("two processes share an import", async () => {
  const app = await importingApp();
  await seed(app, 300);
  const both = await Promise.all([work(app, { limit: 10 }), work(app, { limit: 10 })]);
  expect(both.map(({ over }) => over)).toEqual([true, true]);
  expect(both.reduce((sum, { imported }) => sum + imported, 0)).toBe(300);
  expect(await importOf(app)).toMatchObject({ status: "done", importedCount: 300 });
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
  await work(app);
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
  await work(app);
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
  await onePage(app, 10);
  await desk.dependencies.database.transaction((transaction) =>
    clearConnection(desk.dependencies, transaction, {
      accountId: app.accountId,
      reason: "operator",
      actor: { kind: "operator", id: "opr_admin" },
      correlationId: "cor_test",
    }),
  );
  expect(await work(app, { limit: 10 })).toEqual({ over: true, imported: 0 });
  expect(await countPurchases(app)).toBe(10);
  expect(await importOf(app)).toMatchObject({ status: "stopped", error: "The app was disconnected." });
});

test("an account that is lost meanwhile fails the import, with the reason, and is disconnected", async () => {
  const [app] = [await importingApp(), await desk.app()];
  await desk.sandbox.admin.revokeAccount(app.accountId);
  expect(await work(app)).toEqual({ over: true, imported: 0 });
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
  await work(app);
  const rows = await desk.dependencies.database.select().from(purchases).where(eq(purchases.appId, app.id));
  const facts = rows.map((row) => [row.stripeChargeId, row.disputeStatus, row.refundsBlockedByDispute]);
  expect(facts).toEqual(
    expect.arrayContaining([
      [open.id, "needs_response", true],
      [won.id, "won", false],
    ]),
  );
});
