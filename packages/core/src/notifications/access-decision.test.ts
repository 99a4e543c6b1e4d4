import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AccessDecision, decideAccess } from "./access-decision.ts";

// A message carries the whole decision: an app that got only the newest one ends where all of them lead.
const captured = 10;
type Step = { kind: "succeed"; amount: number } | { kind: "fail"; which: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("succeed" as const), amount: fc.integer({ min: 1, max: captured }) }),
  fc.record({ kind: fc.constant("fail" as const), which: fc.nat() }),
);

/** Runs a purchase's life, and what an app does that hears every message, or only some. */
function run(steps: readonly Step[], revokeOnPartial: boolean, heard: (index: number) => boolean) {
  const succeeded: number[] = [];
  let access: Parameters<typeof decideAccess>[0]["access"] = "granted";
  let appAllows = true;
  for (const [index, one] of steps.entries()) {
    if (one.kind === "succeed") {
      const left = captured - succeeded.reduce((sum, amount) => sum + amount, 0);
      if (left === 0) continue;
      succeeded.push(Math.min(one.amount, left));
    } else {
      if (succeeded.length === 0) continue;
      succeeded.splice(one.which % succeeded.length, 1);
    }
    const refunded = succeeded.reduce((sum, amount) => sum + amount, 0);
    const type = one.kind === "succeed" ? "refund.succeeded" : "refund.failed";
    const decided = decideAccess({ type, captured, refunded, revokeOnPartial, access });
    access = decided.access;
    if (heard(index)) appAllows = applied(decided.decision, appAllows);
  }
  return { appAllows, refunded: succeeded.reduce((sum, amount) => sum + amount, 0) };
}

function applied(decision: AccessDecision, before: boolean): boolean {
  return decision === "keep" ? before : decision === "restore";
}

describe("decideAccess", () => {
  test("ends with access exactly where the money says so, whichever messages were overtaken", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.boolean(),
        fc.array(fc.boolean()),
        (steps, partial, lost) => {
          const { appAllows, refunded } = run(steps, partial, () => true);
          expect(appAllows).toBe(partial ? refunded === 0 : refunded < captured);
          // The newest message always arrives in the end; any of those before it may not.
          const newest = run([...steps, { kind: "succeed", amount: 1 }], partial, () => true);
          const some = run(
            [...steps, { kind: "succeed", amount: 1 }],
            partial,
            (index) => index >= steps.length || !lost[index],
          );
          if (newest.refunded > refunded) expect(some.appAllows).toBe(newest.appAllows);
        },
      ),
      { seed: 9, numRuns: 500 },
    );
  });

  test("says keep only where access never changed", () => {
    const facts = { captured, refunded: 3, revokeOnPartial: false } as const;
    expect(decideAccess({ ...facts, type: "refund.succeeded", access: "granted" }).decision).toBe("keep");
    // One more partial refund does not give back what an earlier rule took.
    expect(decideAccess({ ...facts, type: "refund.succeeded", access: "revoked" }).decision).toBe("revoke");
    expect(decideAccess({ ...facts, type: "refund.succeeded", access: "restore_told" }).decision).toBe(
      "restore",
    );
    expect(decideAccess({ ...facts, type: "refund.failed", access: "revoke_told" }).decision).toBe("restore");
  });
});
