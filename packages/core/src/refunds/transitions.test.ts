import { refundStatuses } from "@redress/database";
import { createTestDatabase } from "@redress/database/testing";
import pg from "pg";
import { expect, test } from "vitest";
import { canTransition } from "./transitions.ts";

// Two tables of the same rules drift apart unless something compares them.
test("a refund's life is the same in the program and in the database", async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
  try {
    for (const from of refundStatuses) {
      for (const to of refundStatuses) {
        const { rows } = await client.query("select refund_transition_allowed($1, $2) as allowed", [
          from,
          to,
        ]);
        expect({ from, to, allowed: canTransition(from, to) }).toEqual({
          from,
          to,
          allowed: rows[0].allowed,
        });
      }
    }
  } finally {
    await client.end();
    await database.drop();
  }
});
