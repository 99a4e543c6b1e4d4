import { connectDatabase, stripeEvents } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { report } from "./report.ts";
import type { Target } from "./subjects.ts";

// The bench fails when an event that was acknowledged is not in the database, and says which.
let testDatabase: TestDatabase;
let target: Target;
const nothing = async () => {};
const ids = ["evt_1", "evt_2", "evt_3"];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { connectionString } = testDatabase;
  const connection = connectDatabase({ connectionString });
  const common = { type: "charge.updated", livemode: false, endpoint: "connect", payload: "{}" } as const;
  const now = new Date();
  await connection.database.insert(stripeEvents).values(
    ids.map((id) => ({
      ...common,
      id,
      stripeCreatedAt: now,
      receivedAt: now,
      status: "received" as const,
    })),
  );
  await connection.close();
  const stop = async () => {};
  target = {
    name: "redress",
    url: "",
    secret: "",
    pid: 0,
    connectionString,
    pause: nothing,
    resume: nothing,
    stop,
  };
});
afterAll(() => testDatabase.drop());

async function reportOf(acknowledged: readonly string[]) {
  const lines: string[] = [];
  const code = await report({
    rounds: 1,
    seconds: 1,
    machine: "a machine",
    turns: [],
    killed: [],
    acknowledged: new Map([[target, acknowledged]]),
    say: (line) => void lines.push(line),
  });
  return { code, text: lines.join("\n"), result: JSON.parse(lines.at(-1) ?? "") };
}

test("all there", async () => {
  const { code, text, result } = await reportOf(ids);
  expect(code).toBe(0);
  expect(text).toContain("all 3 acknowledged events are in the database");
  expect(result).toMatchObject({ acknowledged: 3, stored: 3, ratioToRaw8: null, kills: [] });
});

test("one lost", async () => {
  const { code, text, result } = await reportOf([...ids, "evt_lost"]);
  expect(code).toBe(1);
  expect(text).toContain("1 of 4 acknowledged events are MISSING, e.g. evt_lost");
  expect(result).toMatchObject({ acknowledged: 4, stored: 3 });
});
