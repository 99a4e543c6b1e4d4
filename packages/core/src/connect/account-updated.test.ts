import { apps } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

// An account that Stripe restricts or takes away is noticed by its own event, whatever the snapshot says.
let harness: Harness;
let desk: EventDesk;
const alerts: object[] = [];
beforeAll(async () => {
  const started = await startHarness();
  const error = (facts: object) => void alerts.push(facts);
  const logger = { ...started.dependencies.logger, error };
  harness = { ...started, dependencies: { ...started.dependencies, logger } };
  desk = createEventDesk(harness);
});
beforeEach(() => void alerts.splice(0));
afterAll(() => harness.close());

async function updatesOf(accountId: string) {
  return (await desk.eventsOf(accountId)).filter(({ type }) => type === "account.updated");
}

async function deliver(event: { id: string }) {
  expect((await desk.deliver(event)).status).toBe(200);
  await desk.work();
  return desk.inbox(event.id);
}

test("restricted: an alert names the app and what is off; lifted, even an old snapshot raises none", async () => {
  const app = await harness.app();
  await harness.sandbox.admin.restrictAccount(app.accountId, { charges_enabled: false });
  const [restricted] = await updatesOf(app.accountId);
  expect(restricted?.data).toMatchObject({ object: { charges_enabled: false } });
  expect(await deliver(restricted ?? { id: "none" })).toMatchObject({
    status: "handled",
    labels: ["account_restricted"],
  });
  expect(alerts).toMatchObject([
    { alert: "account_restricted", appId: app.id, chargesEnabled: false, payoutsEnabled: true },
  ]);
  alerts.splice(0);
  await harness.sandbox.admin.restrictAccount(app.accountId, { charges_enabled: true });
  const late = { ...restricted, id: "evt_late" };
  expect(await deliver(late)).toMatchObject({ status: "handled", labels: [] });
  expect(alerts).toEqual([]);
});

test("an account that the platform may not see any more is disconnected", async () => {
  const app = await harness.app();
  await harness.sandbox.admin.restrictAccount(app.accountId, { payouts_enabled: false });
  const [event] = await updatesOf(app.accountId);
  await harness.sandbox.admin.revokeAccount(app.accountId);
  expect(await deliver(event ?? { id: "none" })).toMatchObject({
    status: "handled",
    labels: ["access_lost"],
  });
  const [row] = await harness.dependencies.database.select().from(apps).where(eq(apps.id, app.id));
  expect(row).toMatchObject({ stripeAccountId: null, disconnectedReason: "access_lost" });
  const again = { ...event, id: "evt_after" };
  expect(await deliver(again)).toMatchObject({ status: "ignored", labels: ["unknown_account"] });
});
