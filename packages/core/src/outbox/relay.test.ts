import { connectDatabase, type DatabaseConnection, outboxMessages, stripeEvents } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { NotTakenError, type Refusal } from "../durable/not-taken.ts";
import type { EngineMessage } from "../durable/port.ts";
import { seededRandom } from "../testing/harness.ts";
import { completeMessage } from "./complete.ts";
import { enqueue } from "./enqueue.ts";
import { postponeMessage } from "./postpone.ts";
import { createOutboxRelay, type OutboxRelay } from "./relay.ts";

// A message is sent until its effect is in the database: not before its time, by one relay at a time, and
// whatever the engine says.
let testDatabase: TestDatabase;
let connection: DatabaseConnection;
let now = new Date("2026-11-23T12:00:00Z");
let errors: string[] = [];
const relays: OutboxRelay[] = [];
const random = seededRandom(3);
const dependencies = () => ({
  database: connection.database,
  random,
  clock: { now: () => now },
  logger: {
    debug() {},
    info() {},
    warn() {},
    error: (_: object, sentence: string) => void errors.push(sentence),
  },
});

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  connection = connectDatabase({ connectionString: testDatabase.connectionString });
});
beforeEach(async () => {
  await connection.database.delete(outboxMessages);
  errors = [];
});
afterEach(() => Promise.all(relays.splice(0).map((relay) => relay.stop())));
afterAll(async () => {
  await connection.close();
  await testDatabase.drop();
});

function queue(factKey: string, sendAt?: Date): Promise<string | null> {
  const message = {
    name: "refund/execution.due",
    factKey,
    data: { refundId: factKey },
    ...(sendAt && { sendAt }),
  } as const;
  return connection.database.transaction((transaction) => enqueue(dependencies(), transaction, message));
}

/** A relay to an engine that only notes what it is sent. */
function relayTo(
  sent: EngineMessage[],
  options: { fails?: () => boolean; longestPauseMs?: number; isCrowded?: () => boolean } = {},
): OutboxRelay {
  const send = async (messages: readonly EngineMessage[]) => {
    if (options.fails?.()) throw new Error("the engine is away");
    sent.push(...messages);
  };
  const relay = createOutboxRelay(
    dependencies(),
    { send },
    { longestPauseMs: options.longestPauseMs ?? 60_000, isCrowded: options.isCrowded ?? (() => false) },
  );
  relays.push(relay);
  return relay;
}

async function messageOf(factKey: string) {
  const [row] = await connection.database
    .select()
    .from(outboxMessages)
    .where(eq(outboxMessages.factKey, factKey));
  return row;
}

const later = (milliseconds: number) => {
  now = new Date(now.getTime() + milliseconds);
};

test("the same fact is queued once", async () => {
  expect(await queue("once")).not.toBeNull();
  expect(await queue("once")).toBeNull();
});

test("several relays on one database send each message once", async () => {
  for (let index = 0; index < 130; index += 1) await queue(`fact-${index}`);
  const sent: EngineMessage[] = [];
  const counts = await Promise.all([1, 2, 3].map(() => relayTo(sent).relayDue()));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(130);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(130);
  expect(sent).toHaveLength(130);
});

test("what has no effect is sent again after graces that grow; what is complete never is", async () => {
  const sent: EngineMessage[] = [];
  const relay = relayTo(sent);
  const id = (await queue("grace")) ?? "";
  const graces: number[] = [];
  for (let send = 1; send <= 4; send += 1) {
    await relay.relayDue();
    expect(sent).toHaveLength(send);
    expect(sent.at(-1)).toMatchObject({ id, sendCount: send });
    const { sendAt } = (await messageOf("grace")) ?? {};
    graces.push((sendAt?.getTime() ?? 0) - now.getTime());
    later((graces.at(-1) ?? 0) - 1);
    expect(await relay.relayDue()).toBe(0);
    later(1);
  }
  expect(graces).toEqual([30_000, 60_000, 120_000, 240_000]);
  await completeMessage(dependencies(), connection.database, id);
  later(365 * 24 * 3_600_000);
  expect(await relay.relayDue()).toBe(0);
});

test("work that takes long is left alone while it says that it is at work", async () => {
  const sent: EngineMessage[] = [];
  const relay = relayTo(sent);
  const id = (await queue("long")) ?? "";
  await relay.relayDue();
  for (let page = 0; page < 5; page += 1) {
    await postponeMessage(dependencies(), id);
    later(60_000);
    expect(await relay.relayDue()).toBe(0);
  }
  later(60_000);
  expect(await relay.relayDue()).toBe(1);
});

test("an engine that is away gets the messages when it is back", async () => {
  const sent: EngineMessage[] = [];
  let away = true;
  const relay = relayTo(sent, { fails: () => away });
  await queue("away");
  await relay.relayDue();
  expect(await messageOf("away")).toMatchObject({ lastError: "Error: the engine is away" });
  away = false;
  later(5_000);
  await relay.relayDue();
  expect(sent).toHaveLength(1);
});

test("an outage of hours makes no dead letter: nothing counts but what the engine took", async () => {
  const sent: EngineMessage[] = [];
  let away = true;
  let tries = 0;
  const fails = () => {
    tries += 1;
    return away;
  };
  const relay = relayTo(sent, { fails });
  for (let index = 0; index < 3; index += 1) await queue(`outage-${index}`);
  const pauses = new Set<number>();
  for (const end = now.getTime() + 4 * 3_600_000; now.getTime() < end; ) {
    await relay.relayDue();
    const row = await messageOf("outage-0");
    expect(row).toMatchObject({ sendCount: 0, deadAt: null });
    const pause = (row?.sendAt?.getTime() ?? 0) - now.getTime();
    pauses.add(pause);
    later(pause);
  }
  expect([...pauses]).toEqual([5_000, 10_000, 20_000, 40_000, 60_000]);
  expect(tries).toBeGreaterThan(200);
  away = false;
  await relay.relayDue();
  expect(sent.map(({ sendCount }) => sendCount)).toEqual([1, 1, 1]);
  expect(errors).not.toContain("A message failed for good; look into it and send it again.");
});

test("only what was not taken comes again; what is refused for good counts, and is dead in the end", async () => {
  for (const fact of ["taken", "away", "refused"]) await queue(fact);
  const ids = new Map<string, string>();
  for (const fact of ["taken", "away", "refused"]) ids.set(fact, (await messageOf(fact))?.id ?? "");
  const send = async (messages: readonly EngineMessage[]) => {
    const refusals = new Map<string, Refusal>();
    for (const { id } of messages) {
      if (id === ids.get("away")) refusals.set(id, { error: new Error("away"), forGood: false });
      if (id === ids.get("refused")) refusals.set(id, { error: new Error("too large"), forGood: true });
    }
    if (refusals.size > 0) throw new NotTakenError(refusals);
  };
  const relay = createOutboxRelay(dependencies(), { send });
  const start = now.getTime();
  await relay.relayDue();
  const dueIn = (row?: { sendAt: Date | null }) => (row?.sendAt?.getTime() ?? 0) - start;
  expect([await messageOf("taken")].map((row) => [row?.sendCount, row?.lastError, dueIn(row)])).toEqual([
    [1, null, 30_000],
  ]);
  expect([await messageOf("away")].map((row) => [row?.sendCount, row?.lastError, dueIn(row)])).toEqual([
    [0, "Error: away", 5_000],
  ]);
  expect([await messageOf("refused")].map((row) => [row?.sendCount, row?.lastError, dueIn(row)])).toEqual([
    [1, "Error: too large", 30_000],
  ]);
  for (let send = 0; send < 20; send += 1) {
    later(3_600_000);
    await relay.relayDue();
  }
  expect((await messageOf("refused"))?.deadAt).not.toBeNull();
  expect(await messageOf("away")).toMatchObject({ deadAt: null, sendCount: 0 });
});

test("a message of another release does not keep the others", async () => {
  const { database } = connection;
  const odd = {
    id: "msg_odd",
    name: "from/the.future",
    factKey: "odd",
    data: {},
    createdAt: now,
    sendAt: now,
  };
  await database.insert(outboxMessages).values(odd);
  await queue("normal");
  const sent: EngineMessage[] = [];
  await relayTo(sent).relayDue();
  expect(sent.map(({ name }) => name)).toEqual(["refund/execution.due"]);
  expect(errors).toEqual(["A queued message is not one of this release."]);
});

describe("events of Stripe", () => {
  beforeEach(() => connection.database.delete(stripeEvents));

  /** As the inbox stores them; `data` as it queues them unless told. */
  async function queueEvents(ids: readonly string[], given: { payload?: string; data?: object } = {}) {
    const event = {
      type: "refund.created",
      livemode: false,
      endpoint: "connect",
      status: "received",
    } as const;
    const at = { stripeCreatedAt: now, receivedAt: now };
    const payloadOf = (id: string) => given.payload ?? JSON.stringify({ ...snapshot, id });
    await connection.database
      .insert(stripeEvents)
      .values(ids.map((id) => ({ ...event, ...at, id, payload: payloadOf(id) })));
    const message = { name: "stripe/event.received", createdAt: now, sendAt: now };
    const rows = ids.map((id) => ({
      ...message,
      id: `msg_${id}`,
      factKey: `stripe-event:${id}`,
      data: { id, ...given.data },
    }));
    await connection.database.insert(outboxMessages).values(rows);
  }
  const snapshot = {
    object: "event",
    type: "refund.created",
    account: "acct_1",
    api_version: "2026-10-28.endive",
    created: 5,
    livemode: false,
    data: { object: { id: "re_1" }, previous_attributes: { status: null } },
  };
  const ids = (length: number, prefix = "evt") => Array.from({ length }, (_, index) => `${prefix}_${index}`);
  const { data, type, created, livemode } = snapshot;
  const whole = { type, data, accountId: "acct_1", created, livemode };

  test("reach the engine whole, although the outbox only names them (W2)", async () => {
    await queueEvents(["evt_1"]);
    const sent: EngineMessage[] = [];
    await relayTo(sent).relayDue();
    expect(sent).toEqual([
      {
        id: "msg_evt_1",
        name: "stripe/event.received",
        sendCount: 1,
        traceParent: null,
        data: { id: "evt_1", ...whole },
      },
    ]);
  });

  test("that an older release queued whole are sent as they are", async () => {
    await queueEvents(["evt_1"], { data: { ...whole, data: { object: { id: "re_older" } } } });
    const sent: EngineMessage[] = [];
    await relayTo(sent).relayDue();
    expect(sent).toMatchObject([{ data: { id: "evt_1", ...whole, data: { object: { id: "re_older" } } } }]);
  });

  test("lose what no row of ours can hold", async () => {
    const payload = JSON.stringify({ ...snapshot, id: "evt_1", data: { object: { note: "a\0b\ud800" } } });
    await queueEvents(["evt_1"], { payload });
    const sent: EngineMessage[] = [];
    await relayTo(sent).relayDue();
    expect(sent).toMatchObject([{ data: { data: { object: { note: "a\uFFFDb\uFFFD" } } } }]);
  });

  test("whose body is gone are dead at once, and the others are sent", async () => {
    await queueEvents(["evt_1", "evt_2"]);
    await connection.database
      .update(stripeEvents)
      .set({ expungedAt: now })
      .where(eq(stripeEvents.id, "evt_1"));
    const sent: EngineMessage[] = [];
    await relayTo(sent).relayDue();
    expect(sent.map(({ id }) => id)).toEqual(["msg_evt_2"]);
    expect(await messageOf("stripe-event:evt_1")).toMatchObject({ sendAt: null, deadAt: now });
    expect(errors).toEqual(["A message failed for good; look into it and send it again."]);
  });

  test("in a flood do not keep what people wait for", async () => {
    await queueEvents(ids(300));
    later(1_000);
    await queue("refund");
    const sent: EngineMessage[] = [];
    await relayTo(sent).relayDue();
    expect(sent).toHaveLength(301);
    expect(sent[0]?.name).toBe("refund/execution.due");
  });

  test("are handed over some at a time, however many wait", async () => {
    await queueEvents(ids(1_000));
    let largest = 0;
    let count = 0;
    const send = async (messages: readonly EngineMessage[]) => {
      largest = Math.max(largest, messages.length);
      count += messages.length;
    };
    const relay = createOutboxRelay(dependencies(), { send });
    expect(await relay.relayDue()).toBe(1_000);
    expect([count, largest]).toEqual([1_000, 50]);
  });

  test("are eased while more crowd in: one by one, others at once, all at full speed when the crowd is gone", async () => {
    let crowded = true;
    const sent: EngineMessage[] = [];
    const relay = relayTo(sent, { isCrowded: () => crowded });
    await queueEvents(ids(120));
    relay.start();
    await vi.waitFor(() => expect(sent.length).toBeGreaterThanOrEqual(2));
    const eased = sent.length;
    // Each took its pause; a hundred arrivals do not hasten it.
    for (let arrival = 0; arrival < 100; arrival += 1) relay.wake("event");
    expect(eased).toBeLessThan(20);
    await queue("urgent");
    relay.wake();
    await vi.waitFor(() => expect(sent.some(({ name }) => name === "refund/execution.due")).toBe(true));
    expect(sent.length).toBeLessThan(60);
    crowded = false;
    await vi.waitFor(() => expect(sent).toHaveLength(121));
  });
});

test("a running relay sends when it is woken, and by itself when a message's time comes", async () => {
  const sent: EngineMessage[] = [];
  const relay = relayTo(sent, { longestPauseMs: 20 });
  relay.start();
  await queue("at once");
  relay.wake();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  await queue("scheduled", new Date(now.getTime() + 10_000));
  await relay.relayDue();
  expect(sent).toHaveLength(1);
  later(10_000);
  await vi.waitFor(() => expect(sent).toHaveLength(2));
});
