import { connectDatabase, type DatabaseConnection, outboxMessages, stripeEvents } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { inArray, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { stripeApiVersion } from "../stripe/client.ts";
import { seededRandom } from "../testing/harness.ts";
import { createCrowd } from "./crowd.ts";
import { createInbox, type InboxLimits, inboxOf } from "./inbox.ts";
import type { ReceivedEvent } from "./insert-events.ts";
import { parseStripeEvent } from "./stripe-event.ts";

// Arrivals share a commit, and none is acknowledged before it, lost in another's trouble, or kept waiting for
// a database that is away. A sequence counts the statements: it is not rolled back.
let testDatabase: TestDatabase;
let connection: DatabaseConnection;
let now = new Date("2026-11-23T12:00:00Z");
const random = seededRandom(4);
const dependencies = () => ({ database: connection.database, clock: { now: () => now }, random });
const limits: InboxLimits = {
  groupEvents: 8,
  groupBytes: 10_000,
  waitingEvents: 100,
  waitingBytes: 100_000,
  answerMs: 10_000,
};

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  connection = connectDatabase({ connectionString: testDatabase.connectionString });
  await connection.database.execute(sql`
    create sequence statements;
    create function count_statement() returns trigger language plpgsql as $$
      begin perform nextval('statements'); return null; end $$;
    create trigger statements before insert on stripe_events for each statement execute function count_statement();
    create function refuse() returns trigger language plpgsql as $$
      begin
        if new.id like 'evt_bad%' then raise exception 'bad' using errcode = '22000'; end if;
        if new.id like 'evt_away%' then raise exception 'away' using errcode = '57P03'; end if;
        return new;
      end $$;
    create trigger refuse before insert on stripe_events for each row execute function refuse()`);
});
beforeEach(() => connection.database.execute(sql`select setval('statements', 1, false)`));
afterAll(async () => {
  await connection.close();
  await testDatabase.drop();
});

async function statements(): Promise<number> {
  const { rows } = await connection.pool.query<{ next: string }>("select nextval('statements') as next");
  return Number(rows[0]?.next) - 1;
}

let count = 0;
function received(kind = "ok", filler = ""): ReceivedEvent {
  count += 1;
  const payload = JSON.stringify({
    id: `evt_${kind}_${count}`,
    object: "event",
    type: "refund.created",
    api_version: stripeApiVersion,
    created: 1,
    livemode: false,
    data: { object: { filler } },
  });
  const event = parseStripeEvent(payload);
  if (event === null) throw new Error("the test's event is none");
  return { event, payload: Buffer.from(payload), endpoint: "connect", ignored: false, labels: [] };
}

const several = (length: number, kind?: string) => Array.from({ length }, () => received(kind));
const idsOf = (events: readonly ReceivedEvent[]) => events.map(({ event }) => event.id);

async function storedOf(events: readonly ReceivedEvent[]): Promise<string[]> {
  const rows = await connection.database
    .select({ id: stripeEvents.id, payload: stripeEvents.payload })
    .from(stripeEvents)
    .where(inArray(stripeEvents.id, idsOf(events)));
  const keys = idsOf(events).map((id) => `stripe-event:${id}`);
  expect(await connection.database.$count(outboxMessages, inArray(outboxMessages.factKey, keys))).toBe(
    rows.length,
  );
  for (const { event, payload } of events) {
    const row = rows.find(({ id }) => id === event.id);
    if (row) expect(row.payload).toBe(payload.toString());
  }
  return rows.map(({ id }) => id).sort();
}

/** Keeps every statement waiting until it is told to let go. */
async function holdTable(): Promise<() => Promise<void>> {
  const holder = await connection.pool.connect();
  await holder.query("begin");
  await holder.query("lock table stripe_events in share mode");
  return async () => {
    await holder.query("commit");
    holder.release();
  };
}

async function waitingStatements(): Promise<number> {
  const { rows } = await connection.pool.query<{ count: number }>(
    "select count(*)::integer as count from pg_locks where relation = 'stripe_events'::regclass and not granted",
  );
  return rows[0]?.count ?? 0;
}

/** Inserts that wait or run, also those that nobody waits for any more: each has its lock until it ends. */
async function insertsUnderWay(): Promise<number> {
  const { rows } = await connection.pool.query<{ count: number }>(`
    select count(*)::integer as count from pg_locks
    where relation = 'stripe_events'::regclass and mode = 'RowExclusiveLock'`);
  return rows[0]?.count ?? 0;
}

test("one alone is written at once, in a statement of its own", async () => {
  const one = received();
  expect(await createInbox(dependencies(), limits).put(one)).toEqual({ isNew: true, labels: [] });
  expect(await storedOf([one])).toEqual(idsOf([one]));
  expect(await statements()).toBe(1);
});

test("those that arrive at once share commits, bound by number", async () => {
  const inbox = createInbox(dependencies(), limits);
  const events = several(20);
  const puts = await Promise.all(events.map((event) => inbox.put(event)));
  expect(puts.every(({ isNew }) => isNew)).toBe(true);
  expect(await storedOf(events)).toEqual(idsOf(events).sort());
  // Eight, eight and four.
  expect(await statements()).toBe(3);
});

test("and by bytes; one that is larger goes alone", async () => {
  const inbox = createInbox(dependencies(), limits);
  const filler = 'ä\\"'.repeat(1_000);
  const large = received("ok", "x".repeat(20_000));
  const events = [received(), received("ok", filler), received("ok", filler), large, received()];
  await Promise.all(events.map((event) => inbox.put(event)));
  expect(await storedOf(events)).toEqual(idsOf(events).sort());
  expect(await statements()).toBe(4);
});

test("the same event several times in a group is new once", async () => {
  const inbox = createInbox(dependencies(), limits);
  const one = received();
  const puts = await Promise.all([received(), one, one, one].map((event) => inbox.put(event)));
  expect(puts.map(({ isNew }) => isNew)).toEqual([true, true, false, false]);
  expect((await inbox.put(one)).isNew).toBe(false);
});

test("two servers may write the same events at once, in whatever order they came", async () => {
  const servers = [1, 2].map(() => createInbox(dependencies(), { ...limits, groupEvents: 100 }));
  for (let round = 0; round < 20; round += 1) {
    const events = several(40);
    const orders = [events, events.toReversed()];
    const puts = servers.flatMap((inbox, index) => (orders[index] ?? []).map((event) => inbox.put(event)));
    const isNew = (await Promise.all(puts)).filter((put) => put.isNew);
    expect(isNew).toHaveLength(40);
  }
});

describe("trouble", () => {
  test("an event that spoils its group is found by halves, and the others are stored", async () => {
    const inbox = createInbox(dependencies(), { ...limits, groupEvents: 64 });
    const good = several(63);
    const events = [...good.slice(0, 37), received("bad"), ...good.slice(37)];
    const settled = await Promise.allSettled(events.map((event) => inbox.put(event)));
    const failed = settled.filter(({ status }) => status === "rejected");
    expect(failed).toMatchObject([{ reason: { code: "webhook_body_invalid" } }]);
    expect(await storedOf(events)).toEqual(idsOf(good).sort());
    // All 64, and both halves at each of six levels.
    expect(await statements()).toBe(1 + 2 * 6);
  });

  test("a server that says it is going away is believed: the whole group fails in one statement", async () => {
    const inbox = createInbox(dependencies(), limits);
    const events = [...several(7), received("away")];
    const settled = await Promise.allSettled(events.map((event) => inbox.put(event)));
    expect(settled).toHaveLength(8);
    for (const one of settled) expect(one).toMatchObject({ reason: { code: "database_unavailable" } });
    expect(await storedOf(events)).toEqual([]);
    expect(await statements()).toBe(1);
    // And the next may find it back.
    expect((await inbox.put(received())).isNew).toBe(true);
  });

  test("no server at all fails all of them, at once", async () => {
    const away = connectDatabase({ connectionString: "postgres://nobody@127.0.0.1:1/none" });
    const inbox = inboxOf({ ...dependencies(), database: away.database });
    const settled = await Promise.allSettled(several(50).map((event) => inbox.put(event)));
    for (const one of settled) expect(one).toMatchObject({ reason: { code: "database_unavailable" } });
    await away.close();
  });

  test("a server that does not answer keeps nobody: they fail, and the next go over another connection", async () => {
    const inbox = createInbox(dependencies(), { ...limits, answerMs: 200 });
    const release = await holdTable();
    const events = several(5);
    const settled = await Promise.allSettled(events.map((event) => inbox.put(event)));
    for (const one of settled) expect(one).toMatchObject({ reason: { code: "database_unavailable" } });
    await release();
    // Sent again, as Stripe does: each is there once, whether the first statement came through or not.
    await vi.waitFor(async () => expect(await insertsUnderWay()).toBe(0));
    await Promise.all(events.map((event) => inbox.put(event)));
    expect(await storedOf(events)).toEqual(idsOf(events).sort());
  });

  test.each([
    ["events", { waitingEvents: 5 }],
    ["bytes", { waitingBytes: 5 * received().payload.byteLength + 50 }],
  ])("more than may wait, in %s, are refused at once; those that wait are stored", async (_name, bound) => {
    const inbox = createInbox(dependencies(), { ...limits, ...bound });
    const release = await holdTable();
    const first = [received()];
    const puts = first.map((event) => inbox.put(event));
    await vi.waitFor(async () => expect(await waitingStatements()).toBe(1));
    const events = several(5);
    puts.push(...events.map((event) => inbox.put(event)));
    await expect(inbox.put(received())).rejects.toMatchObject({ code: "webhooks_overloaded" });
    await release();
    await Promise.all(puts);
    expect(await storedOf([...first, ...events])).toEqual(idsOf([...first, ...events]).sort());
    // Room again; and what came while the first was written took one statement.
    expect((await inbox.put(received())).isNew).toBe(true);
    expect(await statements()).toBe(3);
  });
});

test("says that events crowd in while they do, and no longer", async () => {
  const inbox = createInbox(dependencies(), { ...limits, groupEvents: 100, waitingEvents: 200 });
  await Promise.all(several(90).map((event) => inbox.put(event)));
  expect(inbox.isCrowded()).toBe(false);
  await Promise.all(several(112).map((event) => inbox.put(event)));
  now = new Date(now.getTime() + 1_000);
  expect(inbox.isCrowded()).toBe(true);
  now = new Date(now.getTime() + 1_000);
  expect(inbox.isCrowded()).toBe(false);
});

test("a crowd that does not end is no reason to wait after five minutes on end, until a calm second", async () => {
  const crowd = createCrowd({ now: () => now });
  const pass = (arrivals: number) => {
    now = new Date(now.getTime() + 1_000);
    for (let arrival = 0; arrival < arrivals; arrival += 1) crowd.add();
    return crowd.isThere();
  };
  const seconds = Array.from({ length: 310 }, () => pass(150));
  // One second alone is not many yet.
  expect(seconds.indexOf(true)).toBe(1);
  expect(seconds.lastIndexOf(true)).toBe(300);
  expect(pass(20)).toBe(false);
  expect([pass(20), pass(190)]).toEqual([false, true]);
});
