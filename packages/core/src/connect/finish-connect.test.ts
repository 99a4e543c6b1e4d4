import { apps, auditLogs, connectStates, outboxMessages } from "@redress/database";
import { desc, eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { getApp } from "../apps/get-app.ts";
import type { Dependencies } from "../dependencies.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { decideAtStripe } from "./consent.fixture.ts";
import { type CallbackQuery, finishConnect } from "./finish-connect.ts";
import { startConnect } from "./start-connect.ts";

const traveller = { operatorId: "opr_traveller", sessionToken: "session-of-the-browser" };

let desk: Harness;
beforeAll(async () => {
  desk = await startHarness({ connect: false });
});
afterAll(() => desk.close());
afterEach(() => desk.sandbox.admin.clearFaults());

const start = async (app: TestApp) =>
  (await startConnect(desk.dependencies, { ...traveller, appSlug: app.slug })).url;

/** The query of the settings page that a callback leads to. */
async function finish(query: CallbackQuery, options: { as?: object; with?: Partial<Dependencies> } = {}) {
  const dependencies = { ...desk.dependencies, ...options.with };
  const { location } = await finishConnect(dependencies, {
    ...traveller,
    appIds: "all",
    ...options.as,
    query,
  });
  const url = new URL(location);
  expect(url.origin + url.pathname).toBe("http://127.0.0.1:3000/settings/integrations");
  return Object.fromEntries(url.searchParams);
}

async function freeAccount(): Promise<string> {
  return (await desk.sandbox.admin.createAccount({ business_name: "Merchant" })).id;
}

/** Up to the moment where the browser comes back from Stripe with a code. */
async function consent(app: TestApp, account?: string): Promise<CallbackQuery> {
  return decideAtStripe(await start(app), { decision: "connect", account: account ?? (await freeAccount()) });
}

const connectionOf = async (app: TestApp) => (await getApp(desk.dependencies, { slug: app.slug })).connection;

async function tokenCalls(): Promise<number> {
  const { requests } = await desk.sandbox.admin.ledger();
  return requests.filter(({ path }) => path === "/oauth/token").length;
}

async function isConnectedAtStripe(account: string): Promise<boolean> {
  const { accounts } = await desk.sandbox.admin.listAccounts();
  return accounts.find(({ id }) => id === account)?.connected ?? false;
}

async function actionsOf(app: TestApp): Promise<string[]> {
  const entries = await desk.dependencies.database
    .select({ action: auditLogs.action })
    .from(auditLogs)
    .where(eq(auditLogs.appId, app.id))
    .orderBy(desc(auditLogs.id));
  return entries.map(({ action }) => action);
}

describe("a connection that is granted", () => {
  test("is kept: account, mode, scope, who and when (C4), and its charges are asked for", async () => {
    const app = await desk.app();
    const account = await freeAccount();
    const query = await consent(app, account);
    expect(await finish(query)).toEqual({ success: "connected", app: app.slug });
    expect(await connectionOf(app)).toMatchObject({
      stripeAccountId: account,
      livemode: false,
      scope: "read_write",
      connectedAt: desk.clock.now(),
      connectedBy: traveller.operatorId,
    });
    expect((await actionsOf(app))[0]).toBe("app_connected");
    const messages = await desk.dependencies.database.select().from(outboxMessages);
    expect(messages.map(({ name, data }) => ({ name, data }))).toContainEqual({
      name: "purchases/import.requested",
      data: { appId: app.id },
    });
  });

  test("leaves none of the account's tokens behind (C4)", async () => {
    const app = await desk.app();
    await finish(await consent(app));
    const { database } = desk.dependencies;
    // Sealed text is random and may spell any prefix; what it holds is the app's own secret.
    const rows = (await database.select().from(apps)).map((row) => ({
      ...row,
      notificationSecretCiphertext: "",
    }));
    const everything = JSON.stringify([
      rows,
      await database.select().from(connectStates),
      await database.select().from(auditLogs),
      await database.select().from(outboxMessages),
    ]);
    expect(everything).not.toMatch(/sk_test_|rt_|pk_test_|ac_/);
  });

  test("may be of an account that is made on the way", async () => {
    const app = await desk.app();
    expect(await finish(await consent(app, "new"))).toMatchObject({ success: "connected" });
    expect((await connectionOf(app))?.stripeAccountId).toMatch(/^acct_/);
  });
});

describe("the state is compared before anything else is believed (C2, C3)", () => {
  test("another session, another operator, a wrong or missing state: refused, and nothing is spent", async () => {
    const app = await desk.app();
    const query = await consent(app);
    const calls = await tokenCalls();
    const invalid = { error: "invalid_state" };
    expect(await finish(query, { as: { sessionToken: "another" } })).toEqual(invalid);
    expect(await finish(query, { as: { operatorId: "opr_other" } })).toEqual(invalid);
    expect(await finish({ ...query, state: "guessed" })).toEqual(invalid);
    expect(await finish({ code: query.code })).toEqual(invalid);
    expect(await finish({ error: "access_denied", state: "guessed" })).toEqual(invalid);
    expect(await tokenCalls()).toBe(calls);
    expect(await connectionOf(app)).toBeNull();
    expect(await finish(query)).toMatchObject({ success: "connected" });
  });

  test("whose operator has lost the role for this app meanwhile sends no code", async () => {
    const [app, other] = [await desk.app(), await desk.app()];
    const query = await consent(app);
    const before = await tokenCalls();
    expect(await finish(query, { as: { appIds: [other.id] } })).toEqual({ error: "invalid_state" });
    expect([await tokenCalls(), await connectionOf(app)]).toEqual([before, null]);
    expect(await finish(query, { as: { appIds: [app.id] } })).toMatchObject({ success: "connected" });
  });

  test("a state is good for ten minutes", async () => {
    const app = await desk.app();
    const url = await start(app);
    await desk.advance(10 * 60_000);
    const query = await decideAtStripe(url, { decision: "connect", account: await freeAccount() });
    expect(await finish(query)).toEqual({ error: "invalid_state" });
    expect(await connectionOf(app)).toBeNull();
  });

  test("the first result is not shown to another session", async () => {
    const app = await desk.app();
    const query = await consent(app);
    await finish(query);
    expect(await finish(query, { as: { sessionToken: "another" } })).toEqual({ error: "invalid_state" });
  });
});

describe("the code is sent once (C3)", () => {
  test("the callback loaded twice shows the first result, and the connection lives", async () => {
    const app = await desk.app();
    const account = await freeAccount();
    const query = await consent(app, account);
    const calls = await tokenCalls();
    const first = await finish(query);
    await desk.advance(60 * 60_000);
    expect(await finish(query)).toEqual(first);
    expect(await finish({ state: query.state, error: "access_denied" })).toEqual(first);
    expect(await tokenCalls()).toBe(calls + 1);
    expect(await isConnectedAtStripe(account)).toBe(true);
    expect((await actionsOf(app)).filter((action) => action === "app_connected")).toHaveLength(1);
  });

  test("loads at the same moment wait for the one that sent it", async () => {
    const app = await desk.app();
    const account = await freeAccount();
    const query = await consent(app, account);
    const calls = await tokenCalls();
    await desk.sandbox.admin.addFault({ fault: "slow", path: "/oauth/token", delayMs: 300 });
    const results = await Promise.all([finish(query), finish(query), finish(query)]);
    expect(results).toEqual(Array(3).fill({ success: "connected", app: app.slug }));
    expect(await tokenCalls()).toBe(calls + 1);
    expect(await isConnectedAtStripe(account)).toBe(true);
  });

  test.each(["drop_before", "drop_after", "error_500_after"] as const)(
    "an answer that is lost (%s) asks to start again, and starting again works",
    async (fault) => {
      const app = await desk.app();
      const account = await freeAccount();
      const query = await consent(app, account);
      const calls = await tokenCalls();
      await desk.sandbox.admin.addFault({ fault, path: "/oauth/token" });
      const lost = { error: "oauth_failed", reason: "unknown_outcome", app: app.slug };
      expect(await finish(query)).toEqual(lost);
      expect(await finish(query)).toEqual(lost);
      expect(await tokenCalls()).toBe(calls + 1);
      expect(await connectionOf(app)).toBeNull();
      expect(await finish(await consent(app, account))).toMatchObject({ success: "connected" });
    },
  );

  test("a first load that died without a result asks to start again", async () => {
    const app = await desk.app();
    const query = await consent(app);
    const { database, clock } = desk.dependencies;
    const calls = await tokenCalls();
    await database
      .update(connectStates)
      .set({ consumedAt: clock.now() })
      .where(eq(connectStates.appId, app.id));
    await desk.advance(30_000);
    expect(await finish(query)).toMatchObject({ error: "oauth_failed", reason: "unknown_outcome" });
    expect(await tokenCalls()).toBe(calls);
  });
});

describe("what Stripe or the operator refuses changes nothing (C3, C6)", () => {
  test("consent denied", async () => {
    const app = await desk.app();
    const query = await decideAtStripe(await start(app), { decision: "deny" });
    const calls = await tokenCalls();
    expect(await finish(query)).toEqual({ error: "denied", app: app.slug });
    expect(await tokenCalls()).toBe(calls);
    expect(await connectionOf(app)).toBeNull();
    expect((await actionsOf(app))[0]).toBe("connect_failed");
  });

  test("a code that expired on the way", async () => {
    const app = await desk.app();
    const query = await consent(app);
    await desk.advance(5 * 60_000);
    expect(await finish(query)).toEqual({ error: "expired", app: app.slug });
    expect(await connectionOf(app)).toBeNull();
  });

  test("a code that Stripe does not know, and no code at all", async () => {
    const app = await desk.app();
    const unknown = await consent(app);
    expect(await finish({ ...unknown, code: "ac_unknown" })).toEqual({ error: "expired", app: app.slug });
    const none = await consent(app);
    expect(await finish({ state: none.state })).toMatchObject({ error: "oauth_failed", reason: "no_code" });
    expect(await connectionOf(app)).toBeNull();
  });

  test("an OAuth code in the callback, and text that is none", async () => {
    const app = await desk.app();
    const first = await consent(app);
    expect(await finish({ state: first.state, error: "invalid_scope" })).toEqual({
      error: "oauth_failed",
      reason: "invalid_scope",
      app: app.slug,
    });
    const second = await consent(app);
    expect(await finish({ state: second.state, error: "<script>" })).toMatchObject({ reason: "other" });
  });

  test("a read_only grant", async () => {
    const app = await desk.app();
    const url = new URL(await start(app));
    url.searchParams.set("scope", "read_only");
    const query = await decideAtStripe(url.href, { decision: "connect", account: await freeAccount() });
    expect(await finish(query)).toEqual({ error: "oauth_failed", reason: "read_only", app: app.slug });
    expect(await connectionOf(app)).toBeNull();
  });

  test("an account of the other mode", async () => {
    const app = await desk.app();
    const settings = { ...desk.dependencies.settings, mode: "live" as const };
    const query = await consent(app);
    expect(await finish(query, { with: { settings } })).toEqual({ error: "mode_mismatch", app: app.slug });
    expect(await connectionOf(app)).toBeNull();
  });

  test("another account for an app that has one", async () => {
    const app = await desk.app();
    const account = await freeAccount();
    await finish(await consent(app, account));
    expect(await finish(await consent(app))).toMatchObject({ reason: "app_already_connected" });
    expect((await connectionOf(app))?.stripeAccountId).toBe(account);
    expect(await finish(await consent(app, account))).toMatchObject({ success: "connected" });
  });
});

describe("one account belongs to at most one app (C4)", () => {
  test("the second app is refused, and the first is not cut off", async () => {
    const [one, two] = [await desk.app(), await desk.app()];
    const account = await freeAccount();
    await finish(await consent(one, account));
    const refused = { error: "account_in_use", app: two.slug };
    expect(await finish(await consent(two, account))).toEqual({ ...refused, holder: one.slug });
    expect(await connectionOf(two)).toBeNull();
    expect((await connectionOf(one))?.stripeAccountId).toBe(account);
    expect(await isConnectedAtStripe(account)).toBe(true);
    const { requests } = await desk.sandbox.admin.ledger();
    expect(requests.filter(({ path }) => path === "/oauth/deauthorize")).toEqual([]);
    expect((await actionsOf(two))[0]).toBe("connect_failed");
  });

  test("of apps that come at the same moment, exactly one gets it", async () => {
    const contenders = [await desk.app(), await desk.app(), await desk.app()];
    const account = await freeAccount();
    const queries = await Promise.all(contenders.map((app) => consent(app, account)));
    const results = await Promise.all(queries.map((query) => finish(query)));
    expect(results.map((result) => result.success ?? result.error).sort()).toEqual([
      "account_in_use",
      "account_in_use",
      "connected",
    ]);
    const connections = await Promise.all(contenders.map(connectionOf));
    expect(connections.filter((connection) => connection !== null)).toHaveLength(1);
    expect(await isConnectedAtStripe(account)).toBe(true);
  });
});
