import { auditLogs, stripeEvents } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { getApp } from "../apps/get-app.ts";
import { getPurchase } from "../purchases/get-purchase.ts";
import { getRefund } from "../refunds/get-refund.ts";
import { createStripeClient } from "../stripe/client.ts";
import { askRefund, execute } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { accountDeauthorized } from "./account-deauthorized.ts";
import { confirmNoAccess } from "./confirm-access.ts";
import { disconnectApp } from "./disconnect.ts";

const actor = { kind: "operator", id: "opr_admin" } as const;
const minute = 60_000;

let desk: Harness;
beforeEach(async () => {
  desk = await startHarness();
});
afterEach(() => desk.close());

const viewOf = (app: TestApp) => getApp(desk.dependencies, { slug: app.slug });
const disconnect = (app: TestApp) => disconnectApp(desk.dependencies, { appSlug: app.slug, actor });
const revokeAtStripe = (app: TestApp) => desk.sandbox.admin.revokeAccount(app.accountId);
const failAtStripe = (fault: "drop_before" | "drop_after", path: string, times = 1) =>
  desk.sandbox.admin.addFault({ fault, path, times });

/** The event, as if Stripe had created it this long after the present connection was made. */
const deauthorized = (app: TestApp, afterMs: number) =>
  accountDeauthorized(desk.dependencies, {
    accountId: app.accountId,
    eventCreated: new Date(desk.clock.now().getTime() + afterMs),
    correlationId: "cor_test",
  });

async function requestsTo(path: string): Promise<number> {
  const { requests } = await desk.sandbox.admin.ledger();
  return requests.filter((request) => request.path === path).length;
}

async function disconnections(app: TestApp) {
  return desk.dependencies.database
    .select({ actorKind: auditLogs.actorKind, details: auditLogs.details })
    .from(auditLogs)
    .where(and(eq(auditLogs.appId, app.id), eq(auditLogs.action, "app_disconnected")));
}

describe("disconnecting in the console (C5)", () => {
  test("gives the account back at Stripe and clears the link; purchases stay", async () => {
    const app = await desk.app();
    const purchase = await desk.purchase({ app });
    const view = await disconnect(app);
    expect(view).toMatchObject({
      connection: null,
      disconnected: { at: desk.clock.now(), reason: "operator" },
    });
    const { accounts } = await desk.sandbox.admin.listAccounts();
    expect(accounts.find(({ id }) => id === app.accountId)?.connected).toBe(false);
    const kept = await getPurchase(desk.dependencies, { purchaseId: purchase.id });
    expect(kept.stripeAccountId).toBe(app.accountId);
    expect(await disconnections(app)).toEqual([{ actorKind: "operator", details: { reason: "operator" } }]);
  });

  test("twice, or after the merchant did it, is a success", async () => {
    const [twice, byMerchant] = [await desk.app(), await desk.app()];
    // A third one stays connected, and proves that the platform's key is not at fault.
    await desk.app();
    await disconnect(twice);
    expect((await disconnect(twice)).connection).toBeNull();
    expect(await disconnections(twice)).toHaveLength(1);
    await revokeAtStripe(byMerchant);
    expect((await disconnect(byMerchant)).connection).toBeNull();
  });

  test("an answer that is lost leaves the app connected; doing it again succeeds", async () => {
    const app = await desk.app();
    await failAtStripe("drop_after", "/oauth/deauthorize");
    await expect(disconnect(app)).rejects.toMatchObject({ code: "deauthorize_failed" });
    expect((await viewOf(app)).connection).not.toBeNull();
    expect((await disconnect(app)).connection).toBeNull();
  });

  test("a wrong client id is not taken for a disconnection", async () => {
    const app = await desk.app();
    const { settings } = desk.dependencies;
    const wrong = { ...settings, stripe: { ...settings.stripe, clientId: "ca_other" } };
    const attempt = disconnectApp({ ...desk.dependencies, settings: wrong }, { appSlug: app.slug, actor });
    await expect(attempt).rejects.toMatchObject({
      code: "deauthorize_failed",
      message: expect.stringContaining("STRIPE_CONNECT_CLIENT_ID"),
    });
    expect((await viewOf(app)).connection).not.toBeNull();
  });

  test("while a call's outcome is open the account is kept, unless somebody insists", async () => {
    const app = await desk.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
    const purchase = await desk.purchase({ app });
    const refund = await askRefund(desk, purchase);
    await failAtStripe("drop_after", "/v1/refunds");
    await execute(desk, refund.id);
    await expect(disconnect(app)).rejects.toMatchObject({
      code: "refunds_in_flight",
      status: 409,
      details: { executing: 1 },
    });
    expect((await viewOf(app)).connection).not.toBeNull();
    expect(await requestsTo("/oauth/deauthorize")).toBe(0);
    const insisted = disconnectApp(desk.dependencies, { appSlug: app.slug, actor, despiteRefunds: true });
    expect((await insisted).connection).toBeNull();
    // Nothing is lost: with the same account again, its outcome is found out.
    const fresh = await desk.sandbox.admin.listAccounts();
    expect(fresh.accounts.find(({ id }) => id === app.accountId)?.connected).toBe(false);
    expect(await getRefund(desk.dependencies, { refundId: refund.id })).toMatchObject({
      status: "executing",
      outcomeUnknown: true,
    });
  });

  test("an unknown app is said to be unknown", async () => {
    const attempt = disconnectApp(desk.dependencies, { appSlug: "nobody", actor });
    await expect(attempt).rejects.toMatchObject({ code: "app_not_found" });
  });
});

describe("account.application.deauthorized (C5)", () => {
  test("newer than the connection: cleared without asking, once, with one audit entry", async () => {
    const app = await desk.app();
    expect(await deauthorized(app, 6 * minute)).toBe("cleared");
    expect(await viewOf(app)).toMatchObject({
      connection: null,
      disconnected: { reason: "deauthorized_at_stripe" },
    });
    expect(await deauthorized(app, 6 * minute)).toBe("not_connected");
    expect(await disconnections(app)).toEqual([
      { actorKind: "stripe", details: { reason: "deauthorized_at_stripe" } },
    ]);
    expect(await requestsTo("/v1/account")).toBe(0);
  });

  test("older than the connection: a late message about the one before, kept without asking", async () => {
    const app = await desk.app();
    expect(await deauthorized(app, -6 * minute)).toBe("kept");
    expect((await viewOf(app)).connection).not.toBeNull();
    expect(await requestsTo("/v1/account")).toBe(0);
  });

  test.each([-4 * minute, 0, 4 * minute])("in doubt (%i ms) the account itself decides", async (afterMs) => {
    const app = await desk.app();
    expect(await deauthorized(app, afterMs)).toBe("kept");
    await revokeAtStripe(app);
    expect(await deauthorized(app, afterMs)).toBe("cleared");
  });

  test("in doubt and no answer: kept, and the event is to be repeated", async () => {
    const app = await desk.app();
    await revokeAtStripe(app);
    await failAtStripe("drop_before", "/v1/account", 2);
    await expect(deauthorized(app, 0)).rejects.toMatchObject({ code: "stripe_unavailable" });
    expect((await viewOf(app)).connection).not.toBeNull();
    await desk.sandbox.admin.clearFaults();
    expect(await deauthorized(app, 0)).toBe("cleared");
  });

  test("of an account that no app has: nothing", async () => {
    const app = await desk.app({ connect: false });
    expect(await deauthorized(app, 6 * minute)).toBe("not_connected");
  });
});

describe("whether an account is really lost", () => {
  const confirm = (app: TestApp, dependencies = desk.dependencies) =>
    confirmNoAccess(dependencies, { accountId: app.accountId });

  test("it answers: it is not; it does not, and others do: it is", async () => {
    const [app] = [await desk.app(), await desk.app()];
    expect(await confirm(app)).toBe("has_access");
    await revokeAtStripe(app);
    expect(await confirm(app)).toBe("lost");
  });

  test("all apps lose access at once: the platform's key is at fault", async () => {
    const apps = [await desk.app(), await desk.app(), await desk.app()];
    for (const app of apps) await revokeAtStripe(app);
    for (const app of apps) expect(await confirm(app)).toBe("platform_key_at_fault");
  });

  test("two that leave together bear no witness for each other", async () => {
    const leaving = [await desk.app(), await desk.app()];
    for (const app of leaving) await revokeAtStripe(app);
    expect(await confirm(leaving[0] ?? (await desk.app()))).toBe("platform_key_at_fault");
    const now = desk.clock.now();
    const rows = leaving.map(({ accountId }) => ({
      id: `evt_left_${accountId}`,
      type: "account.application.deauthorized",
      accountId,
      livemode: false,
      stripeCreatedAt: now,
      receivedAt: now,
      endpoint: "connect" as const,
      payload: "{}",
      status: "received" as const,
    }));
    await desk.dependencies.database.insert(stripeEvents).values(rows);
    for (const app of leaving) expect(await confirm(app)).toBe("lost");
  });

  test("Stripe refuses the key itself: it is at fault", async () => {
    const app = await desk.app();
    const stripe = createStripeClient({ secretKey: "sk_test_rolled", apiOrigin: desk.sandbox.origin });
    expect(await confirm(app, { ...desk.dependencies, stripe })).toBe("platform_key_at_fault");
  });

  test("no answer: unknown", async () => {
    const app = await desk.app();
    await failAtStripe("drop_before", "/v1/account");
    expect(await confirm(app)).toBe("unknown");
  });
});
