import { auditLogs } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { getApp } from "../apps/get-app.ts";
import { searchPurchases } from "../purchases/search-purchases.ts";
import { getRefund } from "../refunds/get-refund.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { decideAtStripe } from "./consent.fixture.ts";
import { finishConnect } from "./finish-connect.ts";
import { startConnect } from "./start-connect.ts";

const traveller = { operatorId: "opr_traveller", sessionToken: "session-of-the-browser" };
const correlationId = "cor_test";

let harness: Harness;
let desk: EventDesk;
beforeAll(async () => {
  harness = await startHarness({ connect: false });
  desk = createEventDesk(harness);
});
afterAll(() => harness.close());

async function connect(app: TestApp, account: string): Promise<void> {
  const { url } = await startConnect(desk.dependencies, { ...traveller, appSlug: app.slug });
  const query = await decideAtStripe(url, { decision: "connect", account });
  const { location } = await finishConnect(desk.dependencies, { ...traveller, appIds: "all", query });
  expect(location).toContain("success=connected");
  await desk.work();
}

/** What Stripe sends to the Connect endpoint when a merchant disconnects the platform. */
const deauthorization = (account: string, id: string) => ({
  id,
  object: "event",
  account,
  api_version: "2026-10-28.endive",
  created: Math.floor(harness.clock.now().getTime() / 1000),
  data: { object: { id: harness.sandbox.platform.clientId, object: "application", name: "Redress" } },
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type: "account.application.deauthorized",
});

test("connect, import, lose the account, connect again: what waited is refunded, once (C3, C5)", async () => {
  const { admin } = harness.sandbox;
  // It stays connected, and so proves that the platform's key is not at fault.
  const [app, witness] = [await harness.app(), await harness.app()];
  await connect(witness, witness.accountId);
  const { id: account } = await admin.createAccount({});
  await admin.seed({ account, count: 3, seed: 1 });
  await connect(app, account);
  const { purchases } = await searchPurchases(desk.dependencies, { appIds: [app.id] });
  expect(purchases).toHaveLength(3);
  const [purchase] = purchases;
  if (purchase === undefined) throw new Error("nothing was imported");
  await harness.advance(60_000);

  const [agent, approver] = [await harness.operator("agent"), await harness.operator("approver")];
  const { id: refundId } = await requestRefund(desk.dependencies, {
    requester: { kind: "operator", id: agent.id },
    purchaseId: purchase.id,
    correlationId,
  });
  await admin.revokeAccount(account);
  await desk.deliver(deauthorization(account, "evt_first"));
  await desk.work();
  const slug = app.slug;
  expect(await getApp(desk.dependencies, { slug })).toMatchObject({
    connection: null,
    disconnected: { reason: "deauthorized_at_stripe" },
  });
  await approveRefund(desk.dependencies, { refundId, operatorId: approver.id, correlationId });
  await desk.work();
  const blocked = await getRefund(desk.dependencies, { refundId });
  expect(blocked).toMatchObject({ status: "blocked", blockedCode: "account_disconnected" });

  await connect(app, account);
  expect(await getRefund(desk.dependencies, { refundId })).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds({ accountId: account, chargeId: purchase.stripeChargeId })).toHaveLength(
    1,
  );

  // The event of the connection before, delivered late, once more and under another id.
  await desk.deliver(deauthorization(account, "evt_second"));
  await desk.work();
  expect((await getApp(desk.dependencies, { slug })).connection?.stripeAccountId).toBe(account);
});

test("each connection says in the log what was before it, also one of an app that was connected already (A2)", async () => {
  const app = await harness.app();
  await connect(app, app.accountId);
  await connect(app, app.accountId);
  const logged = await harness.dependencies.database
    .select({ before: auditLogs.before, after: auditLogs.after })
    .from(auditLogs)
    .where(and(eq(auditLogs.appId, app.id), eq(auditLogs.action, "app_connected")))
    .orderBy(auditLogs.id);
  expect(logged.map(({ before }) => before)).toEqual([
    { stripeAccountId: null },
    { stripeAccountId: app.accountId },
  ]);
});
