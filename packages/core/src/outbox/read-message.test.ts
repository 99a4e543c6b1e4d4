import { connectDatabase, type DatabaseConnection, outboxMessages, stripeEvents } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { completeMessage } from "./complete.ts";
import type { MessageName } from "./messages.ts";
import { readMessage } from "./read-message.ts";

// An engine that is told an id gets the whole message, wherever its body is, and nothing once it is done.
let testDatabase: TestDatabase;
let connection: DatabaseConnection;
const now = new Date("2026-11-23T12:00:00Z");
const facts = { id: "evt_1", type: "refund.created", created: 1_790_000_000, livemode: false };
const body = { object: { id: "re_1", note: "a\0b" } };

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  connection = connectDatabase({ connectionString: testDatabase.connectionString });
  await connection.database.insert(stripeEvents).values({
    id: "evt_1",
    type: facts.type,
    livemode: false,
    stripeCreatedAt: now,
    receivedAt: now,
    endpoint: "connect",
    payload: JSON.stringify({ ...facts, object: "event", account: "acct_1", data: body }),
    status: "received",
  });
});
afterAll(async () => {
  await connection.close();
  await testDatabase.drop();
});

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const read = (messageId: string) =>
  readMessage({ ...connection, clock: { now: () => now }, logger }, messageId);

async function queue(id: string, data: object, name: MessageName = "stripe/event.received") {
  const row = { id, name, data: { ...data }, factKey: id, createdAt: now, sendAt: now, sendCount: 3 };
  await connection.database.insert(outboxMessages).values(row);
}

const whole = { ...facts, accountId: "acct_1", data: body };

test("an event that is only named gets its body from the inbox, but for what no row can hold", async () => {
  await queue("msg_named", { id: "evt_1" });
  expect(await read("msg_named")).toEqual({
    id: "msg_named",
    name: "stripe/event.received",
    sendCount: 3,
    traceParent: null,
    data: { ...whole, data: { object: { id: "re_1", note: "a\uFFFDb" } } },
  });
});

test("a message that holds its body, or has none in the inbox, is as its row says", async () => {
  const held = { ...whole, data: { object: { id: "re_held" } } };
  await queue("msg_held", held);
  expect((await read("msg_held"))?.data).toEqual(held);
  await queue("msg_refund", { refundId: "rfd_1" }, "refund/execution.due");
  expect(await read("msg_refund")).toEqual({
    id: "msg_refund",
    name: "refund/execution.due",
    sendCount: 3,
    traceParent: null,
    data: { refundId: "rfd_1" },
  });
});

test("there is nothing to do for what is unknown, done, or without a body", async () => {
  expect(await read("msg_unknown")).toBeNull();
  await queue("msg_done", { id: "evt_1" });
  await completeMessage({ clock: { now: () => now } }, connection.database, "msg_done");
  expect(await read("msg_done")).toBeNull();
  await queue("msg_gone", { id: "evt_gone" });
  expect(await read("msg_gone")).toBeNull();
});

test("a message of another release is no message to run", async () => {
  await queue("msg_odd", { refundId: 7 }, "refund/execution.due");
  await expect(read("msg_odd")).rejects.toThrow("refundId");
});
