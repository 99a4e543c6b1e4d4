import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createEventDesk, type EventDesk } from "@redress/core/testing/event-desk";
import { type Harness, startHarness, type TestApp } from "@redress/core/testing/harness";
import { auditLogs, outboxMessages, stripeEvents } from "@redress/database";
import { and, eq, like, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { run } from "./run.ts";

// The commands as people type them, on the desk's real database and against Stripe.
let harness: Harness;
let desk: EventDesk;
let app: TestApp;
beforeAll(async () => {
  harness = await startHarness();
  desk = createEventDesk(harness);
  app = await harness.app({ slug: "my-shop" });
  await harness.app({ slug: "dormant", connect: false });
});
afterAll(() => harness.close());

const environment = () => ({
  DATABASE_URL: harness.connectionString,
  REDRESS_SANDBOX_ORIGIN: harness.sandbox.origin,
});

/** @param answer what somebody at a terminal types when asked; nobody sits there unless given */
async function redress(words: readonly string[], answer?: string) {
  const out: string[] = [];
  const err: string[] = [];
  const asked: string[] = [];
  const ask = (question: string) => {
    asked.push(question);
    return Promise.resolve(answer ?? "");
  };
  const terminal = {
    out: { write: (text: string) => out.push(text) },
    err: { write: (text: string) => err.push(text) },
    ...(answer === undefined ? {} : { ask }),
  };
  const code = await run(words, environment(), terminal, new AbortController().signal);
  return { code, out: out.join(""), err: err.join(""), asked };
}

async function arrive(id: string, facts: { type?: string; account?: string; object?: object } = {}) {
  const {
    type = "refund.created",
    account = app.accountId,
    object = { id: "re_1", object: "refund" },
  } = facts;
  const created = Math.floor(harness.clock.now().getTime() / 1000);
  await desk.deliver({ id, object: "event", type, account, livemode: false, created, data: { object } });
}

/** Events that came in one a millisecond. */
async function fill(prefix: string, count: number, since: string): Promise<void> {
  const payload = JSON.stringify({
    ...{ id: "evt_x", object: "event", type: "account.updated", livemode: false, created: 1 },
    data: { object: {} },
  });
  await harness.dependencies.database.execute(sql`
    insert into stripe_events (id, type, account_id, livemode, stripe_created_at, received_at, endpoint, payload, status)
    select ${prefix} || n, 'account.updated', 'acct_x', false, at, at, 'connect', ${payload}, 'handled'
    from generate_series(10000, ${9_999 + count}) n,
      lateral (select ${since}::timestamptz + (n - 10000) * interval '1 millisecond' as at) t`);
}

const replays = (prefix: string) =>
  harness.dependencies.database
    .select()
    .from(auditLogs)
    .where(and(eq(auditLogs.action, "event_replayed"), sql`details ->> 'eventId' like ${`${prefix}%`}`));

test("help names every subcommand and its options", async () => {
  const { code, out } = await redress(["events", "--help"]);
  expect(code).toBe(0);
  for (const word of ["list", "show", "dead", "replay", "pull", "--payload", "--yes", "--cursor"]) {
    expect(out).toContain(word);
  }
});

test.each([
  [["events"], /^Say what to do with events: list, show, dead, replay or pull\./],
  [["events", "lost"], /^There is no "events lost": list, show/],
  [["events", "list", "--payload"], /^events list takes no --payload\./],
  [
    ["events", "list", "--status", "odd"],
    /^--status takes received, handled, ignored, failed, and "odd" is none\./,
  ],
  [["events", "list", "--limit", "0"], /^--limit takes a whole number from 1 to 500/],
  [["events", "list", "--since", "2026-02-30"], /^--since takes a date such as/],
  [["events", "list", "--until", "2999-01-01"], /^--until 2999-01-01 is in the future/],
  [
    ["events", "list", "--app", "no-shop"],
    /^There is no app with the slug "no-shop".* There is: dormant, my-shop\.$/m,
  ],
  [["events", "list", "--cursor", "xx"], /^The cursor is not one that this list gave out/],
  [["events", "list", "evt_1"], /^"evt_1" is too much here/],
  [
    ["events", "dead", "--app", "no-shop"],
    /^There is no app with this slug.* There is: dormant, my-shop\.$/m,
  ],
  [["events", "show"], /^events show takes the id of one event/],
  [["events", "show", "evt_nothere"], /^There is no event evt_nothere\./],
  [["events", "replay"], /^Say what to replay: an id, or a window/],
  [["events", "replay", "evt_1", "--since", "2026-01-01"], /^--since goes with a window/],
  [["events", "replay", "evt_nothere"], /^There is no event evt_nothere\./],
  [["events", "replay", "msg_nothere"], /^There is no dead letter msg_nothere\./],
  [["events", "replay", "--since", "2026-02-02", "--until", "2026-02-01"], /^--since is not before --until/],
  [["events", "pull", "--app", "my-shop"], /^Say of which app, and from when on/],
  [
    ["events", "pull", "--app", "no-shop", "--since", "2026-01-01"],
    /^There is no app with the slug "no-shop"/,
  ],
])("%j: one clear sentence, exit 2", async (words, sentence) => {
  expect(await redress(words)).toMatchObject({ code: 2, out: "", err: expect.stringMatching(sentence) });
});

describe("list and show", () => {
  test("a line each, filtered, and the next page by its cursor", async () => {
    for (const id of ["evt_one", "evt_two"]) {
      await arrive(id);
      await harness.advance(1_000);
    }
    await arrive("evt_payout", { type: "payout.paid" });
    const { code, out, err } = await redress(["events", "list", "--app", "my-shop", "--limit", "2"]);
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/ignored {3}evt_payout {2}payout\.paid .*unknown_type\b/),
      expect.stringMatching(/received {2}evt_two {2}refund\.created/),
    ]);
    const cursor = /--cursor (\S+)/.exec(err)?.[1] ?? "";
    const next = await redress(["events", "list", "--app", "my-shop", "--cursor", cursor, "--json"]);
    expect(JSON.parse(next.out)).toMatchObject({ events: [{ id: "evt_one" }], nextCursor: null });
    expect(next.out).not.toContain("payload");
    const failed = await redress(["events", "list", "--status", "failed"]);
    expect(failed).toMatchObject({ code: 0, out: "", err: "0 events.\n" });
  });

  test("one event: what it is about, its message and what it changed; the body only with --payload", async () => {
    const purchase = await harness.purchase({ app });
    const object = {
      id: "re_out",
      object: "refund",
      charge: purchase.chargeId,
      amount: 500,
      currency: "eur",
    };
    const facts = { created: 1, status: "succeeded", metadata: { customer: "ada@example.com" } };
    await arrive("evt_shown", { object: { ...object, ...facts } });
    await desk.work();
    const { code, out } = await redress(["events", "show", "evt_shown"]);
    expect(code).toBe(0);
    expect(out).toContain("evt_shown  refund.created");
    expect(out).toMatch(/about +refund re_out; of ch_\w+; succeeded; 500 eur/);
    expect(out).toMatch(/message +msg_\w+, sent 1 times; delivered/);
    expect(out).toMatch(/changed .*refund_taken_in {2}rfd_\w+ {2}by stripe stripe/);
    expect(out).toMatch(/told +ntf_\w+ {2}refund\.succeeded/);
    expect(out).not.toContain("ada@example.com");
    expect((await redress(["events", "show", "evt_shown", "--payload"])).out).toContain("ada@example.com");
  });
});

describe("replay", () => {
  test("a dead letter is listed with its reason, sent again once, and gone from the list", async () => {
    await arrive("evt_broken", { type: "charge.dispute.created", object: { id: "du_1" } });
    await harness.dependencies.database
      .update(outboxMessages)
      .set({ sendAt: null, deadAt: harness.clock.now(), sendCount: 20, lastError: "no charge in it" })
      .where(eq(outboxMessages.factKey, "stripe-event:evt_broken"));
    const listed = await redress(["events", "dead"]);
    expect(listed.out).toMatch(
      /msg_\w+ .*evt_broken \(charge\.dispute\.created\) {2}my-shop .*no charge in it/,
    );
    const messageId = /msg_\w+/.exec(listed.out)?.[0] ?? "";
    expect(await redress(["events", "replay", messageId])).toMatchObject({ code: 0 });
    expect(await redress(["events", "replay", messageId])).toMatchObject({ code: 2 });
    expect(await redress(["events", "dead", "--app", "my-shop"])).toMatchObject({
      out: "",
      err: "0 dead letters.\n",
    });
    expect(await redress(["events", "replay", "evt_payout"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("its type, or its mode, is not one that is handled"),
    });
  });

  test("a window is counted, and replayed only when somebody says so", async () => {
    const since = "2026-01-05T00:00:00.000Z";
    await fill("evt_asked", 3, since);
    const until = new Date(Date.parse(since) + 3).toISOString();
    const words = ["events", "replay", "--since", since, "--until", until];
    expect(await redress(words)).toMatchObject({ code: 2, err: expect.stringContaining("add --yes") });
    const declined = await redress(words, "n");
    expect(declined).toMatchObject({ code: 1, asked: ["Handle them again? [y/N] "] });
    expect(declined.err).toContain("3 events to be handled again");
    expect(await replays("evt_asked")).toEqual([]);
    const done = await redress(words, "y");
    expect(done).toMatchObject({ code: 0, out: "3 events sent again.\n" });
    expect(await replays("evt_asked")).toHaveLength(3);
    const none = await redress([...words, "--status", "failed", "--yes", "--json"]);
    expect(JSON.parse(none.out)).toMatchObject({ replayed: 0, done: true });
  });

  test("killed in the middle, the same command goes on: every event once", async () => {
    const since = "2026-01-06T00:00:00.000Z";
    await fill("evt_long", 4_000, since);
    const until = new Date(Date.parse(since) + 4_000).toISOString();
    const words = ["events", "replay", "--since", since, "--until", until, "--yes", "--json"];
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", main, ...words], {
      env: { NODE_ENV: "test", PATH: process.env.PATH, ...environment() },
    });
    const ended = once(child, "close");
    await vi.waitFor(async () => expect((await replays("evt_long")).length).toBeGreaterThan(99), {
      timeout: 60_000,
      interval: 5,
    });
    child.kill("SIGKILL");
    await ended;
    const before = (await replays("evt_long")).length;
    expect(before).toBeLessThan(4_000);
    const { code, out, err } = await redress(words);
    expect(err).toContain("the rest of a replay that was interrupted");
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 0, replayed: 4_000 - before, resumed: true });
    const ids = (await replays("evt_long")).map(({ details }) => details.eventId);
    expect(ids).toHaveLength(4_000);
    expect(new Set(ids).size).toBe(4_000);
  }, 120_000);
});

describe("pull", () => {
  test("takes in what was missed, with progress; nothing the second time", async () => {
    const shop = await harness.app({ slug: "pull-shop" });
    for (let charge = 0; charge < 3; charge += 1) {
      await harness.sandbox.admin.createCharge({ account: shop.accountId, amount: 500, currency: "eur" });
    }
    const words = ["events", "pull", "--app", "pull-shop", "--since", "2026-01-01"];
    const { code, out, err } = await redress(words);
    expect(code).toBe(0);
    const taken = Number(/(\d+) taken in/.exec(out)?.[1]);
    expect(taken).toBeGreaterThan(2);
    expect(err).toContain("pull-shop 100 %");
    expect(err).toContain("Stripe lists the events of the last 30 days");
    const inbox = await harness.dependencies.database
      .select()
      .from(stripeEvents)
      .where(and(eq(stripeEvents.accountId, shop.accountId), like(stripeEvents.endpoint, "pulled")));
    expect(inbox).toHaveLength(taken);
    const again = await redress([...words, "--json"]);
    expect(JSON.parse(again.out)).toMatchObject({ pulled: 0, done: true });
  });

  test("of an app that is not connected says so, exit 1", async () => {
    const words = ["events", "pull", "--app", "dormant", "--since", "2026-01-01"];
    expect(await redress(words)).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("is not connected to Stripe"),
    });
  });
});
