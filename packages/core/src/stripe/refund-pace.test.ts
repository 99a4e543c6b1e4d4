import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Harness, startHarness } from "../testing/harness.ts";
import { firstPace, lowerPace, notePace, raisePace, takePace } from "./refund-pace.ts";

// Stripe does not tell its limit: the pace finds it, stays just below, and is refused hardly ever.
const seed = 20_261_130;
console.log(`fast-check seed ${seed}`);

/** Refunds of `seconds`, sent at the pace against a limit of any second (as the sandbox counts). */
function play(limit: number, seconds: number): { sent: number; refused: number }[] {
  let pace = firstPace(0);
  const recent: number[] = [];
  const bySecond = Array.from({ length: seconds }, () => ({ sent: 0, refused: 0 }));
  for (let at = 0; at < seconds * 1_000; ) {
    pace = raisePace(pace, at);
    const second = bySecond[Math.floor(at / 1_000)];
    if (second === undefined) break;
    while ((recent[0] ?? at) <= at - 1_000) recent.shift();
    if (recent.length >= limit) {
      second.refused += 1;
      pace = lowerPace(pace, at);
    } else {
      recent.push(at);
      second.sent += 1;
    }
    at += 1_000 / pace.perSecond;
  }
  return bySecond;
}

test("any limit from 10 to 400 a second is found in twelve seconds, and then nine tenths of it are used, with 1 % refused", () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 400 }), (limit) => {
      const found = play(limit, 60).slice(12);
      const sent = found.reduce((sum, second) => sum + second.sent, 0);
      const refused = found.reduce((sum, second) => sum + second.refused, 0);
      expect(sent / found.length / limit).toBeGreaterThan(0.9);
      expect(refused / (sent + refused)).toBeLessThan(0.01);
    }),
    { seed, numRuns: 40 },
  );
});

test("whatever comes in whatever order, it is never below one a second nor above what an account can do", () => {
  const steps = fc.array(fc.record({ refused: fc.boolean(), afterMs: fc.integer({ min: 0, max: 30_000 }) }));
  fc.assert(
    fc.property(steps, (events) => {
      let [pace, now] = [firstPace(0), 0];
      for (const { refused, afterMs } of events) {
        now += afterMs;
        pace = refused ? lowerPace(pace, now) : raisePace(pace, now);
        expect(pace.perSecond).toBeGreaterThanOrEqual(1);
        expect(pace.perSecond).toBeLessThanOrEqual(500);
        if (pace.bad !== null) expect(pace.good).toBeLessThanOrEqual(pace.bad);
      }
    }),
    { seed },
  );
});

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

test("all processes share one row: those who come at once get turns one after the other, each account its own", async () => {
  const { dependencies } = harness;
  const taken = await Promise.all(Array.from({ length: 3 }, () => takePace(dependencies, "acct_a")));
  expect(taken.toSorted((a, b) => a.waitMs - b.waitMs)).toEqual(
    [0, 250, 500].map((waitMs) => ({ waitMs, everyMs: 50, count: 5 })),
  );
  expect(await takePace(dependencies, "acct_b")).toMatchObject({ waitMs: 0 });
  await harness.advance(900);
  await notePace(dependencies, "acct_a");
  // Ten a second now, and refusals of what was under way do not lower it again.
  await notePace(dependencies, "acct_a");
  expect(await takePace(dependencies, "acct_a")).toEqual({ waitMs: 0, everyMs: 100, count: 2 });
});
