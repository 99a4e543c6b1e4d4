import { auditLogs, outboxMessages, stripeEvents } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { and, eq, like, ne } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";
import { onSandbox } from "./testing/on-sandbox.ts";

// Operations on events over REST, on the desk as npm start runs it. Invariant 7: an operator with a role in
// one app sees, and has handled again, what happened on its account and nothing else.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let mine: Awaited<ReturnType<ReturnType<typeof onSandbox>["connectedApp"]>>;
let theirs: typeof mine;
const { connectedApp } = onSandbox(() => ({ sandbox, desk }));

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
  [mine, theirs] = [await connectedApp("mine"), await connectedApp("theirs")];
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

const dayMs = 86_400_000;
const soon = { timeout: 20_000, interval: 100 };
const listSchema = z.object({
  events: z.array(z.object({ id: z.string(), type: z.string(), accountId: z.string().nullable() })),
  nextCursor: z.string().nullable(),
});

/** An event that the inbox holds, and that was handled. */
async function stored(
  id: string,
  account: string | null,
  changes: Partial<typeof stripeEvents.$inferInsert> = {},
) {
  const now = new Date();
  const event = { id, object: "event", type: "account.updated", account, livemode: false, created: 1 };
  await desk.dependencies.database.insert(stripeEvents).values({
    id,
    type: "account.updated",
    accountId: account,
    livemode: false,
    stripeCreatedAt: now,
    receivedAt: now,
    endpoint: "connect",
    payload: JSON.stringify({ ...event, data: { object: { email: "ada@example.com" } } }),
    status: "handled",
    handledAt: now,
    ...changes,
  });
}

describe("what an operator of one app sees", () => {
  it("events of its account alone, with filters; another's are not there, the platform's neither", async () => {
    await stored("evt_mine", mine.account);
    await stored("evt_theirs", theirs.account);
    await stored("evt_platform", null, { type: "payout.paid", status: "ignored", labels: ["unknown_type"] });
    const { client } = await desk.operator("admin", "mine");
    const ids = async (search: string) =>
      (await client.get(`/api/v1/events${search}`)).as(listSchema).events.map(({ id }) => id);
    expect(await ids("")).toEqual(["evt_mine"]);
    expect(await ids("?type=account.*&status=handled&since=2026-01-01&app=mine")).toEqual(["evt_mine"]);
    expect(await ids("?label=unknown_type")).toEqual([]);
    const other = await client.get("/api/v1/events?app=theirs");
    expect([other.status, other.code]).toEqual([404, "app_not_found"]);
    expect((await client.get("/events")).text).not.toContain("evt_theirs");
    for (const id of ["evt_theirs", "evt_platform", "evt_none"]) {
      const [shown, replayed] = [
        await client.get(`/api/v1/events/${id}`),
        await client.post(`/api/v1/events/${id}/replay`),
      ];
      expect([id, shown.status, shown.code]).toEqual([id, 404, "event_not_found"]);
      expect([id, replayed.status, replayed.code]).toEqual([id, 404, "event_not_found"]);
    }
    const whole = await desk.operator("admin");
    const all = (await whole.client.get("/api/v1/events?limit=100")).as(listSchema).events;
    expect(all.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["evt_mine", "evt_theirs", "evt_platform"]),
    );
  });

  it("one event with all it led to; personal data only when asked for", async () => {
    const { client } = await desk.operator("approver", "mine");
    const answer = await client.get("/api/v1/events/evt_mine");
    const schema = z.object({
      event: z.looseObject({ status: z.string(), changes: z.array(z.unknown()), message: z.unknown() }),
    });
    expect(answer.as(schema).event).toMatchObject({ status: "handled", app: { slug: "mine" } });
    expect(answer.text).not.toContain("ada@example.com");
    expect((await client.get("/api/v1/events/evt_mine?payload=true")).text).toContain("ada@example.com");
    const agent = await desk.operator("agent", "mine");
    expect((await agent.client.get("/api/v1/events/evt_mine")).code).toBe("permission_denied");
    // Years that one of us and the database cannot write are refused like what is no date.
    for (const since of ["yesterday", "0000-01-01", "1969-12-31", "9999-12-31T23:59:59-23:59"]) {
      const wrong = await client.get(`/api/v1/events?since=${since}`);
      expect([since, wrong.status, wrong.code]).toEqual([since, 400, "invalid_input"]);
    }
    for (const until of ["1970-01-01", "9999-12-31T23:59:59Z"]) {
      expect((await client.get(`/api/v1/events?until=${until}`)).status, until).toBe(200);
    }
  });
});

describe("replay", () => {
  it("of a window counts, then replays what the operator manages, until it is done", async () => {
    // Before all else here, and within the days that events keep what a replay needs.
    const [since, until] = [40, 39].map((days) => new Date(Date.now() - days * dayMs).toISOString());
    for (let index = 0; index < 3; index += 1) {
      await stored(`evt_window${index}`, mine.account, { receivedAt: new Date(String(since)) });
    }
    await stored("evt_window_theirs", theirs.account, { receivedAt: new Date(String(since)) });
    const { client, operatorId } = await desk.operator("admin", "mine");
    const window = { since, until };
    const count = await client.post("/api/v1/events/replay", { ...window, dryRun: true });
    expect([count.status, JSON.parse(count.text)]).toEqual([
      202,
      { replayable: 3, ignored: 0, resumed: false },
    ]);
    const done = await client.post("/api/v1/events/replay", window);
    expect(JSON.parse(done.text)).toEqual({ replayed: 3, skipped: 0, done: true });
    const log = await desk.dependencies.database
      .select()
      .from(auditLogs)
      .where(and(eq(auditLogs.actorId, operatorId), ne(auditLogs.action, "sign_in")));
    expect(log.map(({ action, appId }) => [action, appId])).toEqual([
      ["event_replayed", mine.id],
      ["event_replayed", mine.id],
      ["event_replayed", mine.id],
      ["events_replayed", null],
    ]);
    const approver = await desk.operator("approver", "mine");
    expect((await approver.client.post("/api/v1/events/replay", window)).code).toBe("permission_denied");
    const foreign = await client.post("/api/v1/events/replay", { ...window, app: "theirs" });
    expect(foreign.code).toBe("app_not_found");
  });

  it("of dead letters: each app's own, once, by who manages it", async () => {
    const { database } = desk.dependencies;
    const dead = { createdAt: new Date(), deadAt: new Date(), sendCount: 20, lastError: "it broke" };
    const letters = [mine, theirs].map(({ id, slug }) => ({
      ...dead,
      id: `msg_${slug}`,
      name: "purchases/import.requested",
      factKey: `dead:${slug}`,
      data: { appId: id },
    }));
    await database.insert(outboxMessages).values(letters);
    const { client } = await desk.operator("admin", "mine");
    const listed = await client.get("/api/v1/dead-letters");
    const schema = z.object({ deadLetters: z.array(z.looseObject({ id: z.string() })) });
    expect(listed.as(schema).deadLetters).toMatchObject([
      { id: "msg_mine", name: "purchases/import.requested", reason: "it broke", app: { slug: "mine" } },
    ]);
    const foreign = await client.post("/api/v1/dead-letters/msg_theirs/replay");
    expect([foreign.status, foreign.code]).toEqual([404, "dead_letter_not_found"]);
    const approver = await desk.operator("approver", "mine");
    expect((await approver.client.post("/api/v1/dead-letters/msg_mine/replay")).code).toBe(
      "permission_denied",
    );
    expect((await client.post("/api/v1/dead-letters/msg_mine/replay")).status).toBe(202);
    expect((await client.post("/api/v1/dead-letters/msg_mine/replay")).code).toBe("dead_letter_not_found");
    await vi.waitFor(async () => {
      const [message] = await database
        .select()
        .from(outboxMessages)
        .where(like(outboxMessages.factKey, "dead:mine"));
      expect(message?.completedAt).not.toBeNull();
    }, soon);
  });
});

describe("pull", () => {
  it("takes in what was missed, by who manages the app's connection", async () => {
    await sandbox.admin.setDelivery({ mode: "drop" });
    await sandbox.admin.createCharge({ account: mine.account, amount: 700, currency: "usd" });
    await sandbox.admin.setDelivery({ mode: "normal" });
    const { client } = await desk.operator("admin", "mine");
    const path = "/api/v1/apps/mine/events/pull";
    const pulled = z.object({ listed: z.number(), pulled: z.number(), nextCursor: z.null() });
    const first = (await client.post(path, { since: "2026-01-01" })).as(pulled);
    expect(first.pulled).toBeGreaterThan(0);
    expect((await client.post(path, { since: "2026-01-01" })).as(pulled)).toEqual({ ...first, pulled: 0 });
    expect((await client.post("/api/v1/apps/theirs/events/pull", { since: "2026-01-01" })).code).toBe(
      "app_not_found",
    );
    expect((await client.post(path, {})).code).toBe("invalid_input");
  });
});
