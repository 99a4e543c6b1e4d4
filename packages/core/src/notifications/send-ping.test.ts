import { auditLogs, deliveries, notifications } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemActor } from "../actor.ts";
import { updateApp } from "../apps/update-app.ts";
import { createOutbound } from "../outbound/outbound.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { type Receiver, startReceiver } from "../testing/receiver.ts";
import { sweep } from "../workflows/sweep.ts";
import { sendPing } from "./send-ping.ts";

// A ping shows that address and secret are right: sent once, signed like every notification, and never tried again.
let harness: Harness;
let desk: EventDesk;
let receiver: Receiver;
let app: TestApp;
const by = { actor: systemActor("test"), correlationId: "cor_ping" };

beforeAll(async () => {
  receiver = await startReceiver();
  harness = await startHarness({ outbound: createOutbound({ allowPrivateAddresses: true }) });
  desk = createEventDesk(harness);
  app = await harness.app({ notificationUrl: receiver.url });
});
afterAll(async () => {
  await receiver.close();
  await harness.close();
});
beforeEach(() => {
  receiver.messages.length = 0;
});

test("is answered with what the app said, and written down", async () => {
  receiver.answer({ status: 200, body: '{"status":"done"}', headers: { "set-cookie": "session=secret" } });
  const ping = await sendPing(desk.dependencies, { ...by, appId: app.id });
  expect(ping).toMatchObject({
    ok: true,
    url: receiver.url,
    httpStatus: 200,
    responseBody: '{"status":"done"}',
    errorCode: null,
    message: null,
  });
  const [message] = receiver.messages;
  expect(message?.id).toBe(ping.notificationId);
  expect(JSON.parse(message?.body ?? "")).toEqual({
    type: "ping",
    timestamp: harness.clock.now().toISOString(),
    data: { app: app.slug },
  });
  const { database } = desk.dependencies;
  const [row] = await database.select().from(notifications).where(eq(notifications.id, ping.notificationId));
  expect(row).toMatchObject({ type: "ping", status: "done", refundId: null, attemptCount: 1 });
  const [delivery] = await database
    .select()
    .from(deliveries)
    .where(eq(deliveries.notificationId, ping.notificationId));
  expect(delivery?.requestHeaders).toMatchObject({
    "webhook-id": ping.notificationId,
    "webhook-signature": "[hidden]",
  });
  expect(delivery?.responseHeaders).toMatchObject({ "set-cookie": "[hidden]" });
  const entry = and(eq(auditLogs.action, "ping_sent"), eq(auditLogs.appId, app.id));
  expect(await database.$count(auditLogs, entry)).toBe(1);
});

test("says what to do when the app refuses it, and is not sent again", async () => {
  receiver.answer({ status: 401 });
  const ping = await sendPing(desk.dependencies, { ...by, appId: app.id });
  expect(ping).toMatchObject({ ok: false, httpStatus: 401, message: expect.stringContaining("secret") });
  await harness.advance(3_600_000);
  await sweep(desk.dependencies);
  await desk.work();
  expect(receiver.messages).toHaveLength(1);
});

test("says why nothing answered", async () => {
  const gone = await startReceiver();
  await gone.close();
  const silent = await harness.app({ notificationUrl: gone.url });
  const ping = await sendPing(desk.dependencies, { ...by, appId: silent.id });
  expect(ping).toMatchObject({
    ok: false,
    httpStatus: null,
    answeredAt: null,
    errorCode: "connection_failed",
    message: expect.stringContaining("failed"),
  });
});

test("needs an address", async () => {
  await updateApp(desk.dependencies, { actor: by.actor, slug: app.slug, notificationUrl: null });
  await expect(sendPing(desk.dependencies, { ...by, appId: app.id })).rejects.toMatchObject({
    code: "notification_unaddressed",
    status: 409,
  });
});
