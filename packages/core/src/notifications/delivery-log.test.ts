import { createServer, type Server } from "node:http";
import { deliveries, notifications } from "@redress/database";
import { eq } from "drizzle-orm";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { systemActor } from "../actor.ts";
import { rotateNotificationSecret } from "../apps/rotate-notification-secret.ts";
import { createOutbound } from "../outbound/outbound.ts";
import { settleRefund } from "../refunds/settle-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { type Receiver, startReceiver } from "../testing/receiver.ts";
import { deliverNotification } from "./deliver.ts";
import { getDelivery } from "./get-delivery.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { countResendable, resendWindow } from "./resend-window.ts";
import { attemptsAtOnce } from "./slots.ts";

// Receivers without our SDK, receivers from hell, and what the log of deliveries says about each.
let harness: Harness;
let desk: EventDesk;
let receiver: Receiver;
let app: TestApp;
const by = { actor: systemActor("test"), correlationId: "cor_log" };

beforeAll(async () => {
  receiver = await startReceiver();
  harness = await startHarness({ outbound: createOutbound({ allowPrivateAddresses: true }) });
  desk = createEventDesk(harness);
  app = await harness.app({ notificationUrl: receiver.url });
});
afterAll(async () => {
  vi.useRealTimers();
  await receiver.close();
  await harness.close();
});
beforeEach(() => {
  receiver.messages.length = 0;
  receiver.answer({ status: 200 });
});

/** A whole refund that the app is to be told of; nothing is sent yet. @returns the notification's id */
async function toTell(of: TestApp): Promise<string> {
  const purchase = await harness.purchase({ app: of });
  const { accountId, chargeId } = purchase;
  const stripeRefund = await desk.dependencies.stripe.refunds.create(
    { charge: chargeId },
    { stripeAccount: accountId },
  );
  const word = {
    stripeRefund,
    accountId,
    source: "stripe_webhook",
    correlationId: "cor_1",
    fresh: true,
  } as const;
  const { refundId } = await settleRefund(desk.dependencies, word);
  const [row] = await desk.dependencies.database
    .select({ id: notifications.id })
    .from(notifications)
    .where(eq(notifications.refundId, refundId ?? ""));
  return row?.id ?? "";
}

const attempt = (notificationId: string) =>
  deliverNotification(desk.dependencies, { notificationId, correlationId: "cor_1" });

async function serve(listener: Parameters<typeof createServer>[1]): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}/`, server };
}

test("the official libraries of Standard Webhooks and Svix verify a delivery, with either secret in an overlap", async () => {
  const own = await harness.app({ notificationUrl: receiver.url });
  const rotate = () => rotateNotificationSecret(desk.dependencies, { ...by, slug: own.slug });
  const { notificationSecret: before } = await rotate();
  const { notificationSecret: after } = await rotate();
  // The libraries believe only timestamps close to the real time.
  vi.useFakeTimers({ toFake: ["Date"], now: harness.clock.now() });
  await attempt(await toTell(own));
  const [message] = receiver.messages;
  const { headers = {}, body = "" } = message ?? {};
  expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  for (const secret of [before, after]) {
    const facts = { type: "refund.succeeded", data: { app: own.slug, access: "revoke" } };
    expect(new StandardWebhook(secret).verify(body, headers)).toMatchObject(facts);
    expect(new SvixWebhook(secret).verify(body, headers)).toMatchObject(facts);
  }
  const stranger = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
  expect(() => new SvixWebhook(stranger).verify(body, headers)).toThrow();

  await harness.advance(24 * 3_600_000 + 1);
  vi.setSystemTime(harness.clock.now());
  receiver.messages.length = 0;
  await attempt(await toTell(own));
  const [later] = receiver.messages;
  expect(later?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
  expect(new SvixWebhook(after).verify(later?.body ?? "", later?.headers ?? {})).toBeDefined();
  vi.useRealTimers();
});

test("an app has no more attempts under way than it may; the others wait, and all arrive", async () => {
  let open = 0;
  let most = 0;
  let arrived = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { url, server } = await serve(async (_request, response) => {
    open += 1;
    most = Math.max(most, open);
    arrived += 1;
    await released;
    open -= 1;
    response.end();
  });
  const slow = await harness.app({ notificationUrl: url });
  const ids: string[] = [];
  for (let count = 0; count < attemptsAtOnce + 3; count += 1) ids.push(await toTell(slow));
  const underWay = ids.map(attempt);
  await vi.waitFor(() => expect(arrived).toBe(attemptsAtOnce), { timeout: 10_000 });
  const other = await toTell(app);
  expect(await attempt(other)).toMatchObject({ status: "received" });
  release();
  const outcomes = await Promise.all(underWay);
  expect(most).toBe(attemptsAtOnce);
  const waiting = outcomes.filter(({ status }) => status === "pending");
  expect(waiting).toHaveLength(3);
  for (const { nextAttemptAt } of waiting) {
    expect(nextAttemptAt?.getTime()).toBeGreaterThan(harness.clock.now().getTime());
  }
  await harness.advance(60_000);
  await Promise.all(ids.map(attempt));
  expect(arrived).toBe(ids.length);
  server.close();
});

describe("receivers from hell", () => {
  test.each([
    ["410", { status: 410 }, /gone/],
    ["a redirect", { status: 307, headers: { location: "http://169.254.169.254/" } }, /redirect/i],
    ["a refused signature", { status: 401 }, /secret/],
    ["an error of its own", { status: 503, body: "oops" }, /503/],
  ])("%s: is tried again, and the log says what to do", async (_, answer, sentence) => {
    receiver.answer(answer);
    const id = await toTell(app);
    expect(await attempt(id)).toMatchObject({ status: "pending", nextAttemptAt: expect.any(Date) });
    expect(receiver.messages).toHaveLength(1);
    const { attempts } = await getDelivery(desk.dependencies, { notificationId: id });
    expect(attempts).toMatchObject([{ number: 1, httpStatus: answer.status, errorCode: null }]);
    expect(attempts[0]?.errorMessage).toMatch(sentence);
  });

  test("gigabytes and garbage: no more than the start is read and kept, and headers that may be secret are not", async () => {
    let sent = 0;
    const { url, server } = await serve((_request, response) => {
      response.writeHead(200, { "set-cookie": "session=1", "x-request-id": "req_1", "x-token": "t" });
      const chunk = Buffer.alloc(64 * 1024, "\u0000");
      const more = () => {
        while (!response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", more);
        }
      };
      more();
    });
    const id = await toTell(await harness.app({ notificationUrl: url }));
    expect(await attempt(id)).toMatchObject({ status: "received" });
    const { attempts } = await getDelivery(desk.dependencies, { notificationId: id });
    expect(attempts[0]?.responseBody?.length).toBeLessThanOrEqual(4_096);
    expect(sent).toBeLessThan(32 * 1024 * 1024);
    expect(attempts[0]?.responseHeaders).toMatchObject({
      "set-cookie": "[hidden]",
      "x-token": "[hidden]",
      "x-request-id": "req_1",
    });
    server.closeAllConnections();
    server.close();
  });
});

describe("the log", () => {
  test("lists what apps were told, of the apps that one may see, by state, page by page", async () => {
    const own = await harness.app({ notificationUrl: receiver.url });
    const ids = [await toTell(own), await toTell(own), await toTell(own)];
    await attempt(ids[0] ?? "");
    const scope = { appIds: [own.id] };
    const list = (more: object = {}) => listDeliveries(desk.dependencies, { ...scope, ...more });
    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, cursor: first.nextCursor ?? undefined });
    expect([...first.deliveries, ...second.deliveries].map(({ id }) => id).sort()).toEqual(ids.sort());
    expect(second.nextCursor).toBeNull();
    const { deliveries: received } = await list({ state: "received" });
    expect(received).toMatchObject([
      { app: { slug: own.slug }, attemptCount: 1, lastAttempt: { httpStatus: 200 } },
    ]);
    expect(await list({ app: app.slug })).toEqual({ deliveries: [], nextCursor: null });
  });

  test("a window of dead letters is counted and sent again, once each, in the caller's apps only", async () => {
    const own = await harness.app({ notificationUrl: receiver.url });
    const other = await harness.app({ notificationUrl: receiver.url });
    const ids = [await toTell(own), await toTell(own), await toTell(other)];
    await desk.work();
    receiver.messages.length = 0;
    const { database } = desk.dependencies;
    for (const id of ids) {
      await database.update(notifications).set({ status: "dead" }).where(eq(notifications.id, id));
    }
    const now = harness.clock.now().getTime();
    const window = {
      appIds: [own.id],
      state: "dead",
      since: new Date(now - 3_600_000),
      until: new Date(now + 1),
    } as const;
    expect(await countResendable(desk.dependencies, { window })).toEqual({ resendable: 2 });
    expect(await resendWindow(desk.dependencies, { window, ...by })).toEqual({ resent: 2, done: true });
    expect(await resendWindow(desk.dependencies, { window, ...by })).toEqual({ resent: 0, done: true });
    await desk.work();
    expect(receiver.messages.map(({ id }) => id).sort()).toEqual(ids.slice(0, 2).sort());
    expect(await database.$count(deliveries, eq(deliveries.notificationId, ids[2] ?? ""))).toBe(1);
    const empty = { ...window, until: window.since };
    await expect(resendWindow(desk.dependencies, { window: empty, ...by })).rejects.toMatchObject({
      code: "invalid_input",
    });
  });
});
