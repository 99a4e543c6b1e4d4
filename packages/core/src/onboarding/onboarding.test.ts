import { apps, notifications, testRefunds } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { updateApp } from "../apps/update-app.ts";
import { decideAtStripe } from "../connect/consent.fixture.ts";
import { disconnectApp } from "../connect/disconnect.ts";
import { finishConnect } from "../connect/finish-connect.ts";
import { startConnect } from "../connect/start-connect.ts";
import { getPurchase } from "../purchases/get-purchase.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import type { Step, StepName } from "./onboarding-steps.ts";
import { type Onboarding, readOnboarding } from "./read-onboarding.ts";
import { startTestRefund } from "./start-test-refund.ts";

let harness: Harness;
let desk: EventDesk;
beforeEach(async () => {
  harness = await startHarness();
  desk = createEventDesk(harness);
});
afterEach(() => harness.close());

const traveller = { operatorId: "opr_admin", sessionToken: "session" };
const actor = { kind: "operator", id: "opr_admin" } as const;

const read = (app: TestApp): Promise<Onboarding> => readOnboarding(desk.dependencies, { slug: app.slug });

async function stepOf(app: TestApp, name: StepName): Promise<Step> {
  const step = (await read(app)).steps.find((one) => one.name === name);
  if (step === undefined) throw new Error(`there is no step ${name}`);
  return step;
}

async function statesOf(app: TestApp): Promise<Record<string, string>> {
  return Object.fromEntries((await read(app)).steps.map(({ name, state }) => [name, state]));
}

/** The journey to Stripe, as a browser makes it; what follows it is worked off. */
async function connect(app: TestApp, account = app.accountId): Promise<Record<string, string>> {
  const { url } = await startConnect(desk.dependencies, { ...traveller, appSlug: app.slug });
  const query = await decideAtStripe(url, { decision: "connect", account });
  const { location } = await finishConnect(desk.dependencies, { ...traveller, appIds: "all", query });
  await desk.work();
  return Object.fromEntries(new URL(location).searchParams);
}

async function deliverEvents(app: TestApp): Promise<void> {
  for (const event of await desk.eventsOf(app.accountId)) await desk.deliver(event);
  await desk.work();
}

const newApp = (options: Parameters<Harness["app"]>[0] = {}) => harness.app({ connect: false, ...options });
const testRefund = (app: TestApp, operatorId = "opr_admin") =>
  startTestRefund(desk.dependencies, { slug: app.slug, operatorId, correlationId: "cor_test" });

test("an app is led from nothing to a refund that went all the way", async () => {
  const app = await newApp({ approvalRules: [{ amount: 500, currency: "usd" }] });
  const beforeAll = { created: "done", connected: "next", account: "blocked", history: "blocked" };
  const rest = { notifications: "next", events: "blocked", test_refund: "blocked" };
  expect(await statesOf(app)).toEqual({ ...beforeAll, ...rest });
  expect(await connect(app)).toMatchObject({ success: "connected" });
  expect(await statesOf(app)).toMatchObject({
    connected: "done",
    account: "done",
    history: "done",
    events: "next",
    test_refund: "next",
  });
  await updateApp(desk.dependencies, { actor, slug: app.slug, notificationUrl: "https://app.example/hook" });
  const { purchaseId, refundId } = await testRefund(app);
  expect(await stepOf(app, "test_refund")).toMatchObject({ state: "moving" });
  await desk.work();
  await deliverEvents(app);
  const done = await read(app);
  expect(done.steps.map(({ state }) => state)).toEqual(done.steps.map(() => "done"));
  expect(done.testRefund).toMatchObject({ purchaseId, refundId, status: "succeeded" });
  expect(done.events.last?.type).toMatch(/^(refund|charge|payment_intent)\./);
  const told = await desk.dependencies.database
    .select()
    .from(notifications)
    .where(eq(notifications.refundId, refundId));
  expect(told).toMatchObject([{ type: "refund.succeeded", access: "revoke" }]);
});

describe("the account", () => {
  test("is shown as Stripe has it now: who it is, what it may do, and what Stripe wants", async () => {
    const app = await newApp();
    await connect(app);
    expect((await read(app)).account).toMatchObject({
      kind: "account",
      account: {
        id: app.accountId,
        country: "US",
        chargesEnabled: true,
        payoutsEnabled: true,
        requirementsDue: [],
      },
    });
    await harness.sandbox.admin.restrictAccount(app.accountId, { requirements_due: ["external_account"] });
    expect(await stepOf(app, "account")).toMatchObject({
      state: "done",
      todo: expect.stringContaining("external_account"),
    });
    await harness.sandbox.admin.restrictAccount(app.accountId, { payouts_enabled: false });
    expect(await stepOf(app, "account")).toMatchObject({
      state: "blocked",
      said: expect.stringContaining("payouts off"),
    });
  });

  test("that Stripe does not answer for is no reason to fail", async () => {
    const app = await newApp();
    await connect(app);
    await harness.sandbox.admin.addFault({ fault: "drop_before", path: "/v1/account" });
    expect(await stepOf(app, "account")).toMatchObject({ state: "moving" });
    await harness.sandbox.admin.revokeAccount(app.accountId);
    expect(await stepOf(app, "account")).toMatchObject({ state: "blocked" });
  });
});

describe("events", () => {
  test("of the other mode are kept, not handled, and said to have come", async () => {
    const app = await newApp();
    await connect(app);
    await harness.sandbox.admin.createCharge({ account: app.accountId, amount: 100, currency: "usd" });
    const [event] = (await desk.eventsOf(app.accountId)).filter(({ type }) => type === "charge.succeeded");
    await desk.deliver({ ...event, id: "evt_live", livemode: true });
    expect(await stepOf(app, "events")).toMatchObject({
      state: "next",
      said: expect.stringContaining("Only events of live mode"),
    });
    await desk.deliver({ ...event });
    await desk.work();
    const { events } = await read(app);
    expect(events).toMatchObject({ last: { id: event?.id, status: "handled" }, ofOtherMode: 1 });
  });
});

describe("a connection that changes", () => {
  test("the same account again imports it once more; another one is remembered as former", async () => {
    const app = await newApp();
    await connect(app);
    expect(await connect(app)).toMatchObject({ success: "connected" });
    expect((await read(app)).formerAccounts).toEqual([]);
    const other = (await harness.sandbox.admin.createAccount({})).id;
    expect(await connect(app, other)).toMatchObject({ reason: "app_already_connected" });
    await disconnectApp(desk.dependencies, { appSlug: app.slug, actor });
    expect(await stepOf(app, "connected")).toMatchObject({
      state: "next",
      said: "It was disconnected here.",
    });
    expect(await connect(app, other)).toMatchObject({ success: "connected" });
    expect((await read(app)).formerAccounts).toEqual([app.accountId]);
  });

  test("what a disconnection would leave half done is counted by how far it is", async () => {
    const app = await newApp();
    await connect(app);
    await testRefund(app);
    expect((await read(app)).inFlight).toEqual({ waiting: 1, executing: 0, atStripe: 0, blocked: 0 });
  });
});

describe("a test refund", () => {
  test("goes the way of every refund: with no rule that lets it out, a colleague approves it", async () => {
    const app = await newApp();
    await connect(app);
    const { refundId } = await testRefund(app);
    expect(await stepOf(app, "test_refund")).toMatchObject({
      state: "moving",
      said: expect.stringContaining("waits for approval"),
    });
    const { id: operatorId } = await harness.operator("approver");
    await approveRefund(desk.dependencies, { refundId, operatorId, correlationId: "cor_test" });
    await desk.work();
    expect(await stepOf(app, "test_refund")).toMatchObject({ state: "done" });
  });

  test("whose answer is lost makes no second charge when it is started again", async () => {
    const app = await newApp();
    await connect(app);
    await harness.sandbox.admin.addFault({ fault: "drop_after", path: "/v1/payment_intents" });
    await expect(testRefund(app)).rejects.toMatchObject({ code: "stripe_unavailable" });
    expect(await stepOf(app, "test_refund")).toMatchObject({ state: "next" });
    const { purchaseId } = await testRefund(app);
    const ledger = await harness.sandbox.admin.ledger();
    expect(ledger.accounts[app.accountId]?.charges).toHaveLength(1);
    const { stripeChargeId } = await getPurchase(desk.dependencies, { purchaseId });
    expect(ledger.accounts[app.accountId]?.charges?.[0]).toMatchObject({ id: stripeChargeId, amount: 500 });
    expect(await desk.dependencies.database.select().from(testRefunds)).toHaveLength(1);
  });

  test("twice at once is one", async () => {
    const app = await newApp();
    await connect(app);
    await Promise.allSettled([testRefund(app), testRefund(app), testRefund(app)]);
    const ledger = await harness.sandbox.admin.ledger();
    expect(ledger.accounts[app.accountId]?.charges).toHaveLength(1);
    expect((await read(app)).testRefund?.refundId).not.toBeNull();
  });

  test("that Stripe refuses says why, and another one may be started", async () => {
    const app = await newApp();
    await connect(app);
    const { database } = desk.dependencies;
    await database.update(apps).set({ stripeAccountId: "acct_gone" }).where(eq(apps.id, app.id));
    await expect(testRefund(app)).rejects.toMatchObject({ code: "stripe_refused" });
  });

  test("is not made in live mode, nor without an account", async () => {
    const app = await newApp();
    await expect(testRefund(app)).rejects.toMatchObject({ code: "app_not_connected" });
    const { settings } = desk.dependencies;
    const live = { ...desk.dependencies, settings: { ...settings, mode: "live" as const } };
    const attempt = startTestRefund(live, { slug: app.slug, operatorId: "opr", correlationId: "cor" });
    await expect(attempt).rejects.toMatchObject({ code: "test_mode_only" });
  });
});
