import { connectDatabase } from "@redress/database";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { listEvents, mostScanned } from "./list-events.ts";

// The inbox can be searched while it holds a million events, and an operator of one app sees only what
// happened on its account (invariant 7).
let harness: Harness;
let desk: EventDesk;
let app: TestApp;
let other: TestApp;
/** More than one page looks through. */
const flood = mostScanned * 2 + 500;
const day = 24 * 3_600_000;

beforeAll(async () => {
  harness = await startHarness();
  desk = createEventDesk(harness);
  app = await harness.app({ slug: "my-shop" });
  other = await harness.app({ slug: "other-shop" });
  const start = new Date(harness.clock.now().getTime() - 10 * day).toISOString();
  // Old ones of nobody's, one a second; the very first failed, of a type of its own.
  await harness.dependencies.database.execute(sql`
    insert into stripe_events (id, type, account_id, livemode, stripe_created_at, received_at, endpoint, payload,
      status, labels)
    select 'evt_flood' || n, case n when 0 then 'charge.dispute.closed' else 'charge.updated' end, 'acct_flood',
      false, at, at, 'connect', '{}', case n when 0 then 'failed' else 'handled' end, '{}'
    from generate_series(0, ${flood - 1}) n, lateral (select ${start}::timestamptz + n * interval '1 second' as at) t`);
  await harness.dependencies.database.execute(sql`analyze stripe_events`);
});
afterAll(() => harness.close());

const list = (input: Partial<Parameters<typeof listEvents>[1]>) =>
  listEvents(harness.dependencies, { appIds: "all", ...input });

/** Every page, as somebody who keeps turning them. */
async function all(input: Partial<Parameters<typeof listEvents>[1]>) {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ ...input, cursor });
    pages.push(page.events.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return pages;
}

async function arrive(id: string, facts: { type?: string; account?: string; created?: Date } = {}) {
  const { type = "refund.created", account = app.accountId, created = harness.clock.now() } = facts;
  const event = {
    id,
    object: "event",
    type,
    account,
    livemode: false,
    created: Math.floor(created.getTime() / 1000),
    data: { object: { id: "re_1", object: "refund" } },
  };
  expect((await desk.deliver(event)).status).toBe(200);
}

describe("filters", () => {
  test("each finds what it says, newest first, and several narrow one another down", async () => {
    await arrive("evt_a", { type: "refund.created" });
    await harness.advance(1_000);
    const between = harness.clock.now();
    await harness.advance(1_000);
    await arrive("evt_b", { type: "payout.paid" });
    await arrive("evt_c", { type: "refund.updated", account: other.accountId });
    const ids = async (input: Partial<Parameters<typeof listEvents>[1]>) => (await all(input)).flat();
    expect(await ids({ type: "refund.*" })).toEqual(["evt_c", "evt_a"]);
    expect(await ids({ type: "refund.updated" })).toEqual(["evt_c"]);
    expect(await ids({ label: "unknown_type" })).toEqual(["evt_b"]);
    expect(await ids({ status: "ignored" })).toEqual(["evt_b"]);
    expect(await ids({ status: "received" })).toEqual(["evt_c", "evt_a"]);
    expect(await ids({ app: "my-shop" })).toEqual(["evt_b", "evt_a"]);
    expect(await ids({ since: between })).toEqual(["evt_c", "evt_b"]);
    expect(await ids({ until: between, type: "refund.*" })).toEqual(["evt_a"]);
    await expect(list({ app: "no-shop" })).rejects.toMatchObject({ code: "app_not_found" });
    await expect(list({ cursor: "xx" })).rejects.toMatchObject({ code: "invalid_input" });
  });

  test("turning pages meets each event once, also where one page may not look through all", async () => {
    const pages = await all({ type: "charge.*", limit: 100 });
    const ids = pages.flat();
    expect(ids).toHaveLength(flood);
    expect(new Set(ids).size).toBe(flood);
    const rare = await all({ type: "charge.dispute.*" });
    expect(rare.flat()).toEqual(["evt_flood0"]);
    expect(rare.length).toBe(3);
  }, 120_000);

  test("what failed is found at once, however much came after it", async () => {
    const { events } = await list({ status: "failed" });
    expect(events.map(({ id }) => id)).toEqual(["evt_flood0"]);
  });
});

test("the database enters an index at the page's place, and reads no more of the inbox than one page may", async () => {
  const { events, nextCursor } = await list({ limit: 100 });
  expect(events).toHaveLength(100);
  const since = new Date(harness.clock.now().getTime() - 10 * day);
  for (const [input, index] of [
    [{}, "stripe_events_newest"],
    [{ cursor: nextCursor ?? "" }, "stripe_events_newest"],
    [{ type: "charge.*", since, until: new Date(since.getTime() + day / 4) }, "stripe_events_newest"],
    [{ label: "unknown_type" }, "stripe_events_newest"],
    [{ app: "my-shop" }, "stripe_events_newest"],
    [{ status: "failed" }, "stripe_events_open"],
    [{ status: "received", cursor: nextCursor ?? "" }, "stripe_events_open"],
  ] as const) {
    const plan = await planOf(input);
    expect(plan, JSON.stringify(input)).toContain(index);
    expect(plan, JSON.stringify(input)).not.toMatch(/Seq Scan on stripe_events/);
  }
});

/** How the database would answer the statement that a list really sends, with its values. */
async function planOf(input: Partial<Parameters<typeof listEvents>[1]>): Promise<string> {
  const { database, pool, close } = connectDatabase({ connectionString: harness.connectionString });
  const sent: { text: string; values: unknown[] }[] = [];
  const query = pool.query.bind(pool);
  Object.assign(pool, {
    query: (config: { text: string }, values: unknown[]) => {
      sent.push({ text: config.text, values });
      return query(config, values);
    },
  });
  await listEvents({ database }, { appIds: "all", ...input });
  const statement = sent.find(({ text }) => text.includes('"scanned"'));
  const { rows } = await query(`explain ${statement?.text}`, statement?.values);
  await close();
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

describe("an operator of one app", () => {
  test("sees the events of its account only, and the platform's own to nobody but who sees all", async () => {
    const scope = [app.id];
    const { events } = await list({ appIds: scope });
    expect(events.map(({ accountId }) => accountId)).toEqual([app.accountId, app.accountId]);
    expect((await list({ appIds: [] })).events).toEqual([]);
    await expect(list({ appIds: scope, app: "other-shop" })).rejects.toMatchObject({
      code: "app_not_found",
    });
  });

  test("does not see what happened on an account while it was another app's", async () => {
    const moved = (await harness.sandbox.admin.createAccount({ connected: true })).id;
    await arrive("evt_before", { account: moved });
    await harness.advance(60_000);
    await harness.connect(other, moved);
    await arrive("evt_late", { account: moved, created: new Date(harness.clock.now().getTime() - 30_000) });
    await arrive("evt_after", { account: moved });
    const { events } = await list({ appIds: [other.id] });
    expect(events.map(({ id }) => id)).toEqual(["evt_after"]);
    const { events: whole } = await list({ app: "other-shop" });
    expect(whole.map(({ id }) => id).sort()).toEqual(["evt_after", "evt_before", "evt_late"]);
  });
});
