import { refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Requester } from "../actor.ts";
import { getRefund } from "../refunds/get-refund.ts";
import type { RefundDetail } from "../refunds/refund-view.ts";
import { withdrawRefund } from "../refunds/withdraw-refund.ts";
import { askRefund, driveRefund, execute, testAgent } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { periodOf, whyOverBudget } from "./budgets.ts";
import type { Budget } from "./policy-document.ts";
import { setPolicy } from "./set-policy.ts";

// What policy lets out by itself never exceeds its budgets, however many ask at once; the rest is asked of a person.
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  // Early on a day in the middle of a month, so that no test runs into the next one by itself.
  await goTo("2029-05-10T09:00:00.000Z");
});
afterAll(() => harness.close());

const goTo = (moment: string) => harness.advance(new Date(moment).getTime() - harness.clock.now().getTime());
const budget = (per: Budget["per"], period: Budget["period"], amount: number, currency = "eur"): Budget => ({
  per,
  period,
  limit: { amount, currency },
});
const allow = {
  when: {
    amount: [
      { currency: "eur", atMost: 100_000 },
      { currency: "usd", atMost: 100_000 },
    ],
  },
  verdict: "allow",
};

async function setBudgets(app: TestApp, ...budgets: Budget[]) {
  const actor = { kind: "operator", id: "opr_admin" } as const;
  await setPolicy(harness.dependencies, { actor, owner: app, policy: { rules: [allow], budgets } });
}
async function appWith(...budgets: Budget[]): Promise<TestApp> {
  const app = await harness.app();
  await setBudgets(app, ...budgets);
  return app;
}
const agent = (name: string): Requester => ({ kind: "agent", id: `key_${name}`, ownerId: "opr_owner" });
const person: Requester = { kind: "operator", id: "opr_sam" };

async function ask(
  app: TestApp,
  amount: number,
  {
    requester = testAgent,
    customer,
    currency,
  }: { requester?: Requester; customer?: string; currency?: string } = {},
): Promise<RefundDetail> {
  const purchase = await harness.purchase({
    app,
    ...(customer === undefined ? {} : { customerEmail: `${customer}@example.com` }),
    ...(currency === undefined ? {} : { currency }),
  });
  return askRefund(harness, purchase, { amount, requester });
}
const status = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).status;
const why = (refund: RefundDetail) => refund.verdicts.at(-1)?.explanation;

test("requests at once never exceed any budget, and none is lost", async () => {
  const request = fc.record({
    amount: fc.integer({ min: 1, max: 4_000 }),
    agent: fc.constantFrom("a", "b"),
    customer: fc.constantFrom("x", "y", "z"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 8, maxLength: 16 }), async (requests) => {
      const app = await appWith(
        budget("app", "day", 9_000),
        budget("agent", "day", 6_000),
        budget("customer", "month", 5_000),
      );
      const purchases = await Promise.all(
        requests.map(({ customer }) => harness.purchase({ app, customerEmail: `${customer}@example.com` })),
      );
      const asked = await Promise.all(
        requests.map(async ({ amount, agent: name, customer }, index) => {
          const purchase = purchases[index];
          if (!purchase) throw new Error("no purchase");
          const refund = await askRefund(harness, purchase, { amount, requester: agent(name) });
          return { refund, amount, name, customer };
        }),
      );
      const sums = new Map<string, number>();
      for (const { refund, amount, name, customer } of asked) {
        if (refund.status === "approved") {
          for (const key of ["app", name, customer]) sums.set(key, (sums.get(key) ?? 0) + amount);
        } else {
          expect(refund.status).toBe("awaiting_approval");
          expect(why(refund)).toMatch(/^Rule 1 allows it\. But: The budget per .* has €[\d.,]+ left\.$/);
        }
      }
      expect(sums.get("app") ?? 0).toBeLessThanOrEqual(9_000);
      for (const name of ["a", "b"]) expect(sums.get(name) ?? 0).toBeLessThanOrEqual(6_000);
      for (const name of ["x", "y", "z"]) expect(sums.get(name) ?? 0).toBeLessThanOrEqual(5_000);
      // What was within them runs: it is not stopped by those that came after it.
      for (const { refund } of asked.filter((one) => one.refund.status === "approved")) {
        expect((await driveRefund(harness, refund.id)).status).toBe("succeeded");
      }
    }),
    { numRuns: 8 },
  );
}, 120_000);

test("a budget is spent to its last cent, and the verdict says what was left and keeps what it counted", async () => {
  const app = await appWith(budget("app", "day", 5_000));
  expect(await status(app, 3_000)).toBe("approved");
  const refund = await ask(app, 2_001);
  expect(refund).toMatchObject({ status: "awaiting_approval", approverRole: "approver" });
  expect(refund.verdicts.at(-1)).toMatchObject({
    verdict: "ask",
    rule: 1,
    explanation: "Rule 1 allows it. But: The budget per app and day, €50.00, has €20.00 left.",
    facts: { spending: [{ per: "app", period: "day", spent: 3_000 }] },
  });
  expect(await status(app, 2_000)).toBe("approved");
  expect(await status(app, 1)).toBe("awaiting_approval");
});

test("of an agent counts that agent alone, and no person", async () => {
  const app = await appWith(budget("agent", "day", 1_000));
  expect(await status(app, 1_000, { requester: agent("one") })).toBe("approved");
  expect(await status(app, 1, { requester: agent("one") })).toBe("awaiting_approval");
  expect(await status(app, 1_000, { requester: agent("two") })).toBe("approved");
  expect(await status(app, 9_000, { requester: person })).toBe("approved");
});

test("an empty budget turns no refusal, and no request for an admin, into something milder", async () => {
  const app = await harness.app();
  const rules = [
    { when: { requester: ["agent"] }, verdict: "refuse", reason: "Sorry, no." },
    { when: { amount: [{ currency: "eur", atMost: 500 }] }, verdict: "ask", role: "admin" },
    allow,
  ];
  const actor = { kind: "operator", id: "opr_admin" } as const;
  const policy = { rules, budgets: [budget("app", "day", 600)] };
  await setPolicy(harness.dependencies, { actor, owner: app, policy });
  expect(await status(app, 600, { requester: person })).toBe("approved");
  expect(await status(app, 600, { requester: person })).toBe("awaiting_approval");
  expect(await status(app, 100, { requester: agent("one") })).toBe("rejected");
  expect(await ask(app, 100, { requester: person })).toMatchObject({ approverRole: "admin" });
});

test("of an app counts what people ask for as well", async () => {
  const app = await appWith(budget("app", "day", 1_000));
  expect(await status(app, 600, { requester: person })).toBe("approved");
  expect(await status(app, 500, { requester: person })).toBe("awaiting_approval");
  expect(await status(app, 500, { requester: agent("one") })).toBe("awaiting_approval");
});

test("of a customer counts that customer alone, and is not spent on nobody knows whom", async () => {
  const app = await appWith(budget("customer", "day", 1_000));
  expect(await status(app, 1_000, { customer: "lin" })).toBe("approved");
  expect(await status(app, 1, { customer: "Lin" })).toBe("awaiting_approval");
  expect(await status(app, 1_000, { customer: "kim" })).toBe("approved");
  const unknown = await ask(app, 1);
  expect(unknown.status).toBe("awaiting_approval");
  expect(why(unknown)).toContain("cannot be counted: the purchase names no customer");
});

test("counts each currency by itself, and has nothing in one that it does not name", async () => {
  const app = await appWith(
    budget("app", "day", 1_000),
    budget("app", "month", 5_000),
    budget("app", "month", 50, "usd"),
  );
  expect(await status(app, 1_000)).toBe("approved");
  const dollars = await ask(app, 1, { currency: "usd" });
  expect(dollars.status).toBe("awaiting_approval");
  expect(why(dollars)).toContain("The budget per app and day has nothing in USD.");
});

test("counts no other app, no person's approvals, and not what ended without a payment", async () => {
  const app = await appWith(budget("app", "day", 1_000));
  const other = await appWith(budget("app", "day", 1_000));
  const first = await ask(app, 1_000);
  expect(await status(other, 1_000)).toBe("approved");
  expect(await status(app, 1_000)).toBe("awaiting_approval");
  await withdrawRefund(harness.dependencies, {
    refundId: first.id,
    actor: testAgent,
    correlationId: "cor_test",
  });
  expect(await status(app, 1_000)).toBe("approved");
});

test("begins anew at midnight UTC, and on the first of a month", async () => {
  const app = await appWith(budget("app", "day", 1_000), budget("app", "month", 1_500));
  await goTo("2029-05-30T23:59:59.999Z");
  expect(await status(app, 1_000)).toBe("approved");
  expect(await status(app, 1)).toBe("awaiting_approval");
  await goTo("2029-05-31T00:00:00.000Z");
  expect(await status(app, 501)).toBe("awaiting_approval");
  expect(await status(app, 500)).toBe("approved");
  await goTo("2029-06-01T00:00:00.000Z");
  expect(await status(app, 1_000)).toBe("approved");
});

describe("judged again before it is sent", () => {
  test("a refund counts in the day of its approval, also when it is sent on the next", async () => {
    const app = await appWith(budget("app", "day", 1_000));
    const first = await ask(app, 1_000);
    await harness.advance(24 * 60 * 60 * 1000);
    expect(await status(app, 1_000)).toBe("approved");
    expect(await driveRefund(harness, first.id)).toMatchObject({ status: "succeeded" });
  });

  test("one that a lowered budget no longer holds goes to a person", async () => {
    const app = await appWith(budget("app", "day", 1_000));
    const { id } = await ask(app, 800);
    await setBudgets(app, budget("app", "day", 799));
    expect(await execute(harness, id)).toBe("stopped");
    const refund = await getRefund(harness.dependencies, { refundId: id });
    expect(refund.status).toBe("awaiting_approval");
    expect(why(refund)).toContain("€7.99, has €7.99 left");
    const { database } = harness.dependencies;
    const [row] = await database.select().from(refunds).where(eq(refunds.id, id));
    expect(row).toMatchObject({ approvalId: null, idempotencyKey: null });
  });
});

test("the days and months are those of UTC", () => {
  const at = new Date("2028-02-29T23:30:00Z");
  expect(periodOf("day", at)).toEqual({
    from: new Date("2028-02-29T00:00:00Z"),
    until: new Date("2028-03-01T00:00:00Z"),
  });
  expect(periodOf("month", new Date("2027-12-31T23:59:59.999Z"))).toEqual({
    from: new Date("2027-12-01T00:00:00Z"),
    until: new Date("2028-01-01T00:00:00Z"),
  });
});

test("a lowered budget that is overspent has nothing left, and never less", () => {
  const policy = { rules: [], budgets: [budget("app", "day", 5)] };
  const spending = [{ per: "app", period: "day", spent: 9 }] as const;
  expect(whyOverBudget(policy, { amount: 1, currency: "jpy" }, spending)).toContain("nothing in JPY");
  expect(whyOverBudget(policy, { amount: 1, currency: "eur" }, spending)).toBe(
    "The budget per app and day, €0.05, has €0.00 left.",
  );
});
