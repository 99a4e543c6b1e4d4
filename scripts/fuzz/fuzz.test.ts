import { createTestDatabase } from "@redress/database/testing";
import { expect, test } from "vitest";
import { fuzz } from "./run.ts";

// Whatever comes to the webhook endpoint gets the right status and one line, and leaves what it should, never a
// 5xx while the database is up. `npm run fuzz -- --requests 100000` does the same for longer.
const seed = 20_261_123;

test(`600 generated requests, seed ${seed}`, async () => {
  const database = await createTestDatabase();
  const { connectionString } = database;
  const result = await fuzz({ connectionString, requests: 600, seed });
  expect(result.violations).toEqual([]);
  expect(result.stored).toBeGreaterThan(100);
  for (const status of ["200", "400", "413"]) expect(result.byStatus[status]).toBeGreaterThan(0);
  await database.drop();
});
