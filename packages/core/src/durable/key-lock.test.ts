import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createKeyLock } from "./key-lock.ts";

// The lock only keeps workflows out of each other's way; one that never opens again would keep them from running at all.
let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

async function cutAllConnections(): Promise<void> {
  const client = new pg.Client({ connectionString: testDatabase.connectionString });
  await client.connect();
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await client.end();
}

test("a lock whose connection was cut is there again for the next, however often", async () => {
  const lock = createKeyLock(testDatabase.connectionString);
  try {
    for (let cut = 0; cut < 3; cut += 1) {
      expect(await lock.hold("refund", async () => cut)).toBe(cut);
      // Also while somebody holds it: what they do is not touched.
      const held = lock.hold("refund", async () => {
        await cutAllConnections();
        return "done";
      });
      expect(await held).toBe("done");
    }
    expect(await lock.hold("refund", async () => "still")).toBe("still");
  } finally {
    await lock.close();
  }
});

test("two processes do not hold one key at a time, and one that lost its connection stands in nobody's way", async () => {
  const [one, other] = [
    createKeyLock(testDatabase.connectionString),
    createKeyLock(testDatabase.connectionString),
  ];
  try {
    const order: string[] = [];
    const first = one.hold("refund", async () => {
      order.push("one begins");
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push("one ends");
    });
    await Promise.all([first, other.hold("refund", async () => void order.push("other"))]);
    expect(order.indexOf("one ends") - order.indexOf("one begins")).toBe(1);
    await cutAllConnections();
    expect(await other.hold("refund", async () => "free")).toBe("free");
  } finally {
    await one.close();
    await other.close();
  }
});
