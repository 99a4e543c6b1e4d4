import { auditLogs, outboxMessages, stripeEvents } from "@redress/database";
import { asc, eq, isNotNull, like } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemActor } from "../actor.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { sweep } from "../workflows/sweep.ts";
import { expungeEvents } from "./expunge-events.ts";
import { reducePayload } from "./reduce-payload.ts";
import { replayEvent } from "./replay-event.ts";

// What a customer told a merchant does not stay in the inbox for ever, and what is left harms no purchase.
const day = 24 * 3_600_000;
let harness: Harness;
let desk: EventDesk;
beforeAll(async () => {
  harness = await startHarness();
  desk = createEventDesk(harness);
});
beforeEach(async () => {
  await harness.dependencies.database.delete(outboxMessages);
  await harness.dependencies.database.delete(stripeEvents);
});
afterAll(() => harness.close());

const personal = [
  "Ada Lovelace",
  "ada@example.com",
  "Analytical Row 1",
  "4242",
  "a gift for Charles",
  "cus_Ada",
];
let count = 0;
function charge(type = "charge.updated", overrides: object = {}) {
  count += 1;
  return {
    id: `evt_${count}`,
    object: "event",
    type,
    account: "acct_1",
    api_version: "2026-10-28.endive",
    created: 1,
    livemode: false,
    request: { id: "req_1", idempotency_key: "ada@example.com" },
    data: {
      object: {
        id: "ch_1",
        object: "charge",
        amount: 5_000,
        amount_refunded: 100,
        currency: "eur",
        status: "succeeded",
        reason: "ada@example.com",
        failure_code: null,
        refunded: false,
        payment_intent: { id: "pi_1", description: "a gift for Charles" },
        customer: "cus_Ada",
        billing_details: {
          name: "Ada Lovelace",
          email: "ada@example.com",
          address: { line1: "Analytical Row 1" },
        },
        payment_method_details: { card: { last4: "4242" } },
        metadata: { note: "a gift for Charles" },
        description: "a gift for Charles",
        ...overrides,
      },
      previous_attributes: {
        amount_refunded: 0,
        description: "Ada Lovelace",
        metadata: { name: "Ada Lovelace" },
      },
    },
  };
}

const all = () =>
  harness.dependencies.database.select().from(stripeEvents).orderBy(asc(stripeEvents.receivedAt));
const expunged = () => harness.dependencies.database.$count(stripeEvents, isNotNull(stripeEvents.expungedAt));

test("keeps which event it was, about what, how much and in what state, and nothing else", () => {
  const event = charge();
  const reduced: unknown = JSON.parse(reducePayload(JSON.stringify(event)));
  const { id, object, type, account, api_version, created, livemode } = event;
  expect(reduced).toEqual({
    ...{ id, object, type, account, api_version, created, livemode },
    request: { id: "req_1" },
    data: {
      object: {
        id: "ch_1",
        object: "charge",
        amount: 5_000,
        amount_refunded: 100,
        currency: "eur",
        status: "succeeded",
        failure_code: null,
        refunded: false,
        payment_intent: "pi_1",
      },
      previous_attributes: { amount_refunded: 0 },
    },
  });
  const thin = { id: "evt_1", object: "v2.core.event", type: "v1.charge.updated", context: "acct_1" };
  const related = { id: "ch_1", type: "charge" };
  const whole = { ...thin, related_object: { ...related, url: "/v1/x" }, reason: { note: "Ada Lovelace" } };
  expect(JSON.parse(reducePayload(JSON.stringify(whole)))).toEqual({ ...thin, related_object: related });
});

test("a sweep expunges what has reached its age, the oldest first, and goes on from there", async () => {
  const retained = harness.dependencies.settings.eventRetentionDays * day;
  const first = charge();
  await desk.deliver(first);
  for (let index = 0; index < 240; index += 1) await desk.deliver(charge("charge.unheard_of"));
  await harness.advance(retained);
  await sweep(desk.dependencies);
  expect(await expunged()).toBe(0);
  await harness.advance(1);
  await desk.deliver(charge());
  await sweep(desk.dependencies);
  expect(await expunged()).toBe(241);
  const rows = await all();
  for (const { payload } of rows.slice(0, 241)) {
    for (const words of personal) expect(payload).not.toContain(words);
  }
  expect(rows.at(-1)).toMatchObject({ expungedAt: null });
  expect(rows.at(-1)?.payload).toContain("Ada Lovelace");
  expect(await expungeEvents(desk.dependencies)).toBe(0);
  await harness.advance(retained + 1);
  expect(await expungeEvents(desk.dependencies)).toBe(1);
  // Still known: Stripe's repetition of it changes nothing.
  await desk.deliver(first);
  expect(await expunged()).toBe(242);
});

test("two sweepers at once expunge each event once, and leave none out", async () => {
  for (let index = 0; index < 250; index += 1) await desk.deliver(charge());
  await harness.advance(91 * day);
  const counts = await Promise.all([1, 2].map(() => expungeEvents(desk.dependencies)));
  const again = await expungeEvents(desk.dependencies);
  expect((counts[0] ?? 0) + (counts[1] ?? 0) + again).toBe(250);
  expect(await expunged()).toBe(250);
});

test("what an older release copied into the outbox goes too", async () => {
  const event = charge();
  await desk.deliver(event);
  const { database } = desk.dependencies;
  const data = {
    id: event.id,
    type: event.type,
    data: event.data,
    accountId: "acct_1",
    created: 1,
    livemode: false,
  };
  await database.update(outboxMessages).set({ data, deadAt: harness.clock.now(), sendAt: null });
  await harness.advance(91 * day);
  await expungeEvents(desk.dependencies);
  const [message] = await database.select().from(outboxMessages);
  expect(message?.data).toEqual({ id: event.id });
});

test("an expunged event is not handled again: not by a person, a sweep, nor a message left over", async () => {
  const event = charge("charge.refunded");
  await desk.deliver(event);
  await harness.advance(91 * day);
  await expungeEvents(desk.dependencies);
  const replay = { eventId: event.id, actor: systemActor("test"), correlationId: "cor_1" };
  await expect(replayEvent(desk.dependencies, replay)).rejects.toMatchObject({
    code: "event_not_replayable",
  });
  await desk.work();
  const { database } = desk.dependencies;
  const [message] = await database.select().from(outboxMessages);
  expect(message).toMatchObject({ sendAt: null, lastError: expect.stringMatching(/retention/) });
  expect(message?.deadAt).not.toBeNull();
  await database.delete(outboxMessages);
  await sweep(desk.dependencies);
  expect(await database.select().from(outboxMessages)).toEqual([]);
  expect(await desk.inbox(event.id)).toMatchObject({ status: "received" });
  expect(await database.$count(auditLogs, like(auditLogs.correlationId, event.id))).toBe(0);
  expect(await database.$count(stripeEvents, eq(stripeEvents.id, event.id))).toBe(1);
});
