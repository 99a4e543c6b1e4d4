import { requestShares } from "@redress/database";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Dependencies } from "../dependencies.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { spendShare, takeShare } from "./request-share.ts";

// However many servers and commands read in the background at once, together they stay under their share
// of Stripe's limit, and leave the rest to refunds.
let harness: Harness;
let desk: Dependencies;
beforeAll(async () => {
  harness = await startHarness();
  desk = harness.dependencies;
});
beforeEach(() => desk.database.delete(requestShares));
afterAll(() => harness.close());

/** One process that takes all it gets in this many seconds, as fast as it may. */
async function takeFor(seconds: number, dependencies: Dependencies = desk): Promise<number> {
  let granted = 0;
  for (let tenths = 0; tenths < seconds * 10; tenths += 1) {
    const answers = await Promise.all(Array.from({ length: 8 }, () => takeShare(dependencies, "import")));
    granted += answers.filter((waitMs) => waitMs === 0).length;
    await harness.advance(100);
  }
  return granted;
}

test("eight at once get, together, a burst of twenty and then five a second; in live mode twenty", async () => {
  expect(await takeFor(10)).toBe(20 + 5 * 10 - 1);
  await harness.advance(60_000);
  const live = { ...desk, settings: { ...desk.settings, mode: "live" as const } };
  const inLiveMode = await takeFor(5, live);
  expect(inLiveMode).toBeGreaterThanOrEqual(20 + 20 * 5 - 3);
  expect(inLiveMode).toBeLessThanOrEqual(20 + 20 * 5);
});

test("who is refused is told when to come, and is granted it then", async () => {
  await spendShare(desk, "reconciliation", 20);
  const waitMs = await takeShare(desk, "reconciliation");
  expect(waitMs).toBe(200);
  await harness.advance(waitMs - 1);
  expect(await takeShare(desk, "reconciliation")).toBe(1);
  await harness.advance(1);
  expect(await takeShare(desk, "reconciliation")).toBe(0);
});

test("what a long step spent is paid back by all, for a minute at most; the other kind does not wait", async () => {
  expect(await spendShare(desk, "import", 20)).toBe(0);
  expect(await spendShare(desk, "import", 30)).toBe(6_000);
  expect(await takeShare(desk, "import")).toBe(6_200);
  expect(await takeShare(desk, "reconciliation")).toBe(0);
  expect(await spendShare(desk, "import", 1_000_000)).toBe(60_000);
  await harness.advance(60_200);
  expect(await takeShare(desk, "import")).toBe(0);
  expect(await spendShare(desk, "import", 0)).toBe(0);
});

test("a server whose clock is an hour ahead does not keep the others from their share", async () => {
  const ahead = {
    ...desk,
    clock: { now: () => new Date(harness.clock.now().getTime() + 60 * 60_000) },
  };
  expect(await takeShare(ahead, "import")).toBe(0);
  expect(await takeShare(desk, "import")).toBe(0);
  expect(await takeShare(ahead, "import")).toBe(0);
  expect(await takeShare(desk, "import")).toBe(0);
  // Alone again, it has used up what may go at once.
  expect(await takeShare(desk, "import")).toBe(200);
});
