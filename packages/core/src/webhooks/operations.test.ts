import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { auditLogs, outboxMessages, stripeEvents } from "@redress/database";
import { and, asc, eq, like, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemActor } from "../actor.ts";
import { executeRefund } from "../refunds/execute-refund.ts";
import { getRefund } from "../refunds/get-refund.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { createStripeClient } from "../stripe/client.ts";
import { testRequester } from "../testing/drive-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { listDeadLetters } from "./dead-letters.ts";
import { pullEvents } from "./pull-events.ts";
import { replayDeadLetter } from "./replay-dead-letter.ts";
import { replayEvent } from "./replay-event.ts";
import { countWindow, replayWindow } from "./replay-window.ts";
import { showEvent } from "./show-event.ts";

// What a person can do about events: see what one led to, have it handled again, alone or with all of a
// window, send dead letters again, and take in what no webhook told. None of it has an effect twice.
let harness: Harness;
let desk: EventDesk;
let app: TestApp;
let other: TestApp;
const actor = systemActor("test");
const correlationId = "cor_test";

beforeAll(async () => {
  harness = await startHarness();
  desk = createEventDesk(harness);
  app = await harness.app({ slug: "my-shop", approvalRules: [{ amount: 100_000, currency: "eur" }] });
  other = await harness.app({ slug: "other-shop" });
});
afterAll(() => harness.close());
beforeEach(() => harness.advance(60_000));

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: { code?: string }) => error.code,
  );

function arrive(id: string, facts: { type?: string; account?: string; object?: object } = {}) {
  const {
    type = "refund.created",
    account = app.accountId,
    object = { id: "du_1", object: "dispute" },
  } = facts;
  const created = Math.floor(harness.clock.now().getTime() / 1000);
  return desk.deliver({ id, object: "event", type, account, livemode: false, created, data: { object } });
}

/** A refund of the desk's own, executed; its events, oldest first. */
async function refunded() {
  const purchase = await harness.purchase({ app });
  const request = { requester: testRequester, purchaseId: purchase.id, correlationId };
  const { id: refundId } = await requestRefund(desk.dependencies, request);
  await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
  await executeRefund(desk.dependencies, { refundId, correlationId });
  const events = (await desk.eventsOf(app.accountId)).filter(({ data }) =>
    JSON.stringify(data.object).includes(purchase.chargeId),
  );
  const [created] = events.filter(({ type }) => type === "refund.created");
  return { purchase, refundId, created: created ?? { id: "none" }, events };
}

describe("one event", () => {
  test("shows its subject, its message, what it changed and whom it told; the body only when asked", async () => {
    const { refundId, created, purchase } = await refunded();
    await desk.deliver(created);
    await desk.work();
    const event = await showEvent(desk.dependencies, { eventId: created.id, appIds: "all" });
    expect(event).toMatchObject({
      status: "handled",
      app: { slug: "my-shop" },
      subject: { object: "refund", chargeId: purchase.chargeId, status: "succeeded", amount: 10_000 },
      message: { sendCount: 1, sendAt: null, deadAt: null },
      changes: expect.arrayContaining([
        expect.objectContaining({ action: "refund_confirmed", refundId }),
        expect.objectContaining({ action: "access_changed", refundId }),
      ]),
      notifications: [{ refundId, type: "refund.succeeded", access: "revoke" }],
    });
    expect(event).not.toHaveProperty("payload");
    const whole = await showEvent(desk.dependencies, {
      eventId: created.id,
      appIds: [app.id],
      payload: true,
    });
    expect(JSON.parse(whole.payload ?? "")).toMatchObject({ id: created.id });

    await replayEvent(desk.dependencies, { eventId: created.id, actor, correlationId: "cor_again" });
    const replayed = await showEvent(desk.dependencies, { eventId: created.id, appIds: [app.id] });
    expect(replayed.changes.at(-1)).toMatchObject({ action: "event_replayed", correlationId: "cor_again" });
    await desk.work();
  });

  test("that only confirmed what was known told nobody", async () => {
    const { created, events, refundId } = await refunded();
    const later = events.find(({ type }) => type === "charge.refunded") ?? { id: "none" };
    for (const event of [created, later]) {
      await desk.deliver(event);
      await desk.work();
    }
    const shown = await showEvent(desk.dependencies, { eventId: later.id, appIds: "all" });
    expect(shown).toMatchObject({ status: "handled", notifications: [] });
    const first = await showEvent(desk.dependencies, { eventId: created.id, appIds: "all" });
    expect(first.notifications).toMatchObject([{ refundId }]);
  });

  test("of another app, or none, is not there for an operator of one", async () => {
    await arrive("evt_theirs", { account: other.accountId });
    expect(await codeOf(showEvent(desk.dependencies, { eventId: "evt_theirs", appIds: [app.id] }))).toBe(
      "event_not_found",
    );
    expect(await codeOf(showEvent(desk.dependencies, { eventId: "evt_none", appIds: "all" }))).toBe(
      "event_not_found",
    );
    await desk.work();
  });
});

describe("dead letters", () => {
  const subjects = async (appIds: readonly string[] | "all", one?: string) => {
    const { deadLetters } = await listDeadLetters(harness.dependencies, { appIds, app: one });
    return deadLetters.map(({ subjectId }) => subjectId);
  };
  /** As the relay leaves a message whose workflow failed each time. */
  const bury = (about: Record<string, string>) =>
    harness.dependencies.database
      .update(outboxMessages)
      .set({ sendAt: null, deadAt: harness.clock.now(), sendCount: 20, lastError: "no such thing" })
      .where(sql`${outboxMessages.data} @> ${JSON.stringify(about)}::jsonb`);
  const messageOf = async (factKey: string) => {
    const rows = await harness.dependencies.database
      .select()
      .from(outboxMessages)
      .where(eq(outboxMessages.factKey, factKey));
    return rows[0];
  };

  test("of every kind are listed with their reason, each to those who may see its app", async () => {
    const { refundId } = await refunded();
    await bury({ refundId });
    await harness.advance(1_000);
    await arrive("evt_dead", { type: "charge.dispute.created", account: other.accountId });
    await bury({ id: "evt_dead" });
    await harness.advance(1_000);
    await arrive("evt_dead_of_nobody", { account: "acct_nobody" });
    await bury({ id: "evt_dead_of_nobody" });
    const { deadLetters } = await listDeadLetters(harness.dependencies, { appIds: "all" });
    expect(deadLetters.slice(0, 3)).toMatchObject([
      { subjectId: "evt_dead_of_nobody", app: null, eventType: "refund.created" },
      { subjectId: "evt_dead", app: { slug: "other-shop" }, reason: "no such thing", sendCount: 20 },
      { subjectId: refundId, app: { slug: "my-shop" }, name: "refund/execution.due", eventType: null },
    ]);
    expect(await subjects([other.id])).toEqual(["evt_dead"]);
    expect(await subjects("all", "my-shop")).toContain(refundId);
    expect(await subjects([])).toEqual([]);
    const first = await listDeadLetters(harness.dependencies, { appIds: "all", limit: 1 });
    const second = await listDeadLetters(harness.dependencies, {
      appIds: "all",
      limit: 1,
      cursor: first.nextCursor ?? "",
    });
    expect([first, second].map(({ deadLetters: [one] }) => one?.subjectId)).toEqual([
      "evt_dead_of_nobody",
      "evt_dead",
    ]);
  });

  test("are sent again once, under a new id, with an entry in the log; an event's as its replay", async () => {
    const { refundId, purchase } = await refunded();
    await bury({ refundId });
    const letters = (await listDeadLetters(harness.dependencies, { appIds: "all", limit: 100 })).deadLetters;
    const letter = letters.find(({ subjectId }) => subjectId === refundId);
    const replay = { messageId: letter?.id ?? "", actor, correlationId: "cor_letter" };
    expect(await replayDeadLetter(desk.dependencies, replay)).toEqual({ name: "refund/execution.due" });
    const log = () =>
      harness.dependencies.database
        .select()
        .from(auditLogs)
        .where(eq(auditLogs.correlationId, "cor_letter"))
        .orderBy(asc(auditLogs.id));
    expect(await log()).toMatchObject([
      { action: "message_replayed", appId: app.id, details: { messageId: letter?.id } },
    ]);
    expect(await codeOf(replayDeadLetter(desk.dependencies, replay))).toBe("dead_letter_not_found");
    expect(await subjects("all")).not.toContain(refundId);

    const ofEvent = letters.find(({ subjectId }) => subjectId === "evt_dead");
    await replayDeadLetter(desk.dependencies, { ...replay, messageId: ofEvent?.id ?? "" });
    expect((await log()).map(({ action }) => action)).toEqual(["message_replayed", "event_replayed"]);
    expect(await messageOf("stripe-event:evt_dead")).toMatchObject({ deadAt: null, sendCount: 0 });
    // What it was sent for: the refund, of which Stripe's answer had been lost, is found and not made twice.
    await harness.advance(60_000);
    await desk.work();
    expect(await getRefund(desk.dependencies, { refundId })).toMatchObject({ status: "succeeded" });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  });
});

describe("a window", () => {
  const replayed = async (window: string) => {
    const rows = await harness.dependencies.database
      .select({ details: auditLogs.details, appId: auditLogs.appId })
      .from(auditLogs)
      .where(and(eq(auditLogs.action, "event_replayed"), sql`details ->> 'eventId' like ${`${window}%`}`))
      .orderBy(asc(auditLogs.id));
    return rows;
  };

  async function fill(prefix: string, count: number): Promise<Date> {
    const since = harness.clock.now();
    const now = since.toISOString();
    const event = {
      object: "event",
      type: "account.updated",
      account: "acct_x",
      livemode: false,
      created: 1,
    };
    const payload = JSON.stringify({ ...event, id: "evt_x", data: { object: {} } });
    await harness.dependencies.database.execute(sql`
      insert into stripe_events (id, type, account_id, livemode, stripe_created_at, received_at, endpoint, payload,
        status, labels)
      select ${prefix} || n, 'account.updated', ${app.accountId}, false, ${now}::timestamptz, ${now}::timestamptz,
        'connect', ${payload}, 'handled', '{}'
      from generate_series(10000, ${9_999 + count}) n`);
    await harness.advance(1_000);
    return since;
  }

  test("counts first, replays oldest first with one entry each, leaves out what nothing is done about", async () => {
    const since = await fill("evt_small", 3);
    await arrive("evt_payout", { type: "payout.paid" });
    await arrive("evt_theirs2", { account: other.accountId, type: "account.updated" });
    await harness.advance(1_000);
    const window = { since, appIds: [app.id] };
    expect(await countWindow(desk.dependencies, { window, actor })).toEqual({
      replayable: 3,
      ignored: 1,
      resumed: false,
    });
    expect(await replayWindow(desk.dependencies, { window, actor })).toEqual({
      replayed: 3,
      skipped: 0,
      done: true,
    });
    expect((await replayed("evt_small")).map(({ details, appId }) => [details.eventId, appId])).toEqual(
      ["evt_small10000", "evt_small10001", "evt_small10002"].map((id) => [id, app.id]),
    );
    const narrow = { since, appIds: "all", app: "other-shop", type: "account.*" } as const;
    expect(await countWindow(desk.dependencies, { window: narrow, actor })).toMatchObject({ replayable: 1 });
    const failed = { since, appIds: "all", status: "failed" } as const;
    expect(await countWindow(desk.dependencies, { window: failed, actor })).toMatchObject({ replayable: 0 });
    const nothing = { since, until: since, appIds: "all" } as const;
    expect(await codeOf(countWindow(desk.dependencies, { window: nothing, actor }))).toBe("invalid_input");
    await desk.work();
  });

  test("takes the same events as the replay of one: thin ones too", async () => {
    const since = harness.clock.now();
    await desk.deliver({
      id: "evt_thin_window",
      object: "v2.core.event",
      type: "v1.refund.updated",
      context: app.accountId,
      created: since.toISOString(),
      livemode: false,
      related_object: { id: "re_none", type: "refund" },
    });
    await desk.work();
    await harness.advance(1_000);
    const window = { since, appIds: [app.id] };
    expect(await countWindow(desk.dependencies, { window, actor })).toMatchObject({
      replayable: 1,
      ignored: 0,
    });
    expect(await replayWindow(desk.dependencies, { window, actor })).toMatchObject({ replayed: 1 });
    expect((await replayed("evt_thin_window")).map(({ appId }) => appId)).toEqual([app.id]);
  });

  test("is gone on with where it was interrupted: no event twice, none left out; asked anew, it begins anew", async () => {
    const since = await fill("evt_big", 250);
    const window = { since, until: harness.clock.now(), appIds: "all" } as const;
    expect(await replayWindow(desk.dependencies, { window, actor })).toMatchObject({
      replayed: 100,
      done: false,
    });
    // Another process, later.
    expect(await countWindow(desk.dependencies, { window, actor })).toEqual({
      replayable: 150,
      ignored: 0,
      resumed: true,
    });
    const other = systemActor("somebody_else");
    expect(await countWindow(desk.dependencies, { window, actor: other })).toMatchObject({ replayable: 250 });
    expect(await replayWindow(desk.dependencies, { window, actor })).toMatchObject({
      replayed: 100,
      done: false,
    });
    expect(await replayWindow(desk.dependencies, { window, actor })).toMatchObject({
      replayed: 50,
      done: true,
    });
    const ids = (await replayed("evt_big")).map(({ details }) => details.eventId);
    expect(ids).toHaveLength(250);
    expect(new Set(ids).size).toBe(250);
    expect(await countWindow(desk.dependencies, { window, actor })).toMatchObject({
      replayable: 250,
      resumed: false,
    });
  });

  test("whose bodies were all removed ends, and counts them", async () => {
    const since = await fill("evt_bare", 120);
    const ofThese = like(stripeEvents.id, "evt_bare%");
    await harness.dependencies.database
      .update(stripeEvents)
      .set({ payload: "{}", expungedAt: since })
      .where(ofThese);
    const window = { since, appIds: "all" } as const;
    expect(await replayWindow(desk.dependencies, { window, actor })).toEqual({
      replayed: 0,
      skipped: 120,
      done: true,
    });
    expect(await replayed("evt_bare")).toEqual([]);
  });
});

describe("pulling", () => {
  test("takes in what no webhook told, page by page, once; what came before is left alone", async () => {
    const shop = await harness.app({ slug: "pull-shop" });
    const since = harness.clock.now();
    for (let charge = 0; charge < 120; charge += 1) {
      await harness.sandbox.admin.createCharge({ account: shop.accountId, amount: 500, currency: "eur" });
    }
    const events = await desk.eventsOf(shop.accountId);
    const told = events.find(({ type }) => type === "charge.succeeded");
    await desk.deliver(told ?? {});
    await harness.advance(1_000);
    const pull = (cursor?: string) => pullEvents(desk.dependencies, { app: "pull-shop", since, cursor });
    const first = await pull();
    const second = await pull(first.nextCursor ?? undefined);
    const pulled = first.pulled + second.pulled;
    expect([first.listed, second.nextCursor, first.cutAt]).toEqual([100, null, null]);
    expect(pulled).toBe(first.listed + second.listed - 1);
    expect((await pull()).pulled).toBe(0);
    const inbox = await harness.dependencies.database
      .select({ id: stripeEvents.id, endpoint: stripeEvents.endpoint })
      .from(stripeEvents)
      .where(eq(stripeEvents.accountId, shop.accountId));
    expect(inbox.filter(({ endpoint }) => endpoint === "pulled")).toHaveLength(pulled);
    expect(await desk.inbox(told?.id ?? "")).toMatchObject({ endpoint: "connect" });
  }, 60_000);

  test("says how far back Stripe lists, and why it cannot pull", async () => {
    const now = harness.clock.now().getTime();
    const since = new Date(now - 40 * 24 * 3_600_000);
    const { cutAt } = await pullEvents(desk.dependencies, { app: "my-shop", since });
    expect(cutAt).toEqual(new Date(now - 30 * 24 * 3_600_000));
    await harness.app({ slug: "dormant", connect: false });
    const pull = (slug: string, from = since) =>
      codeOf(pullEvents(desk.dependencies, { app: slug, since: from }));
    expect(await pull("dormant")).toBe("app_not_connected");
    expect(await pull("no-shop")).toBe("app_not_found");
    expect(await pull("my-shop", new Date(now + 1))).toBe("invalid_input");
    await harness.sandbox.admin.addFault({ fault: "rate_limit", method: "GET", path: "/v1/events" });
    expect(await pull("my-shop")).toBe("stripe_unavailable");
    await harness.sandbox.admin.revokeAccount(other.accountId);
    expect(await pull("other-shop")).toBe("app_not_connected");
  });

  test("what Stripe refuses is said with its reason, and not to be tried again shortly", async () => {
    const server = createServer((_, response) => {
      response.writeHead(403, { "content-type": "application/json" });
      const message = "The key lacks the permission rak_event_read.";
      response.end(JSON.stringify({ error: { type: "invalid_request_error", message } }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const stripe = createStripeClient({ secretKey: "rk_test_1", apiOrigin: `http://127.0.0.1:${port}` });
    const pulled = pullEvents(
      { ...desk.dependencies, stripe },
      { app: "my-shop", since: new Date(harness.clock.now().getTime() - 1_000) },
    );
    await expect(pulled).rejects.toMatchObject({
      code: "stripe_refused",
      message: expect.stringContaining("rak_event_read"),
    });
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});
