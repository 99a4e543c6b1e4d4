import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { covers } from "./covers.ts";
import type { PolicyFacts } from "./facts.ts";
import { judge } from "./judge.ts";
import { matches } from "./matches.ts";
import { anyConditions, anyFacts, anyPolicy, knownFacts } from "./policy.fixture.ts";
import type { Conditions, Rule } from "./policy-document.ts";

// Invariant 2: nothing runs without a permission. What the rules do not plainly allow, a person decides.
const dayMs = 24 * 60 * 60 * 1000;
const facts: PolicyFacts = {
  amount: 5_000,
  currency: "eur",
  ageMs: 10 * dayMs,
  product: "Course",
  reason: "duplicate",
  requester: "agent",
  dispute: "none",
  earlierRefunds: [{ withinDays: 30, count: 2, amount: 700 }],
};

describe("any rules, in any order, on any facts", () => {
  test("give one and the same verdict, always", () => {
    fc.assert(
      fc.property(anyPolicy, anyFacts, (policy, given) => {
        const verdict = judge(policy, given);
        expect(["allow", "ask", "refuse"]).toContain(verdict.kind);
        expect(judge(structuredClone(policy), structuredClone(given))).toEqual(verdict);
      }),
    );
  });

  test("are decided by the first that matches: no order lets a refusal or a question be skipped by a later one", () => {
    const orders = anyPolicy.chain(({ rules }) =>
      fc.shuffledSubarray(rules, { minLength: rules.length, maxLength: rules.length }),
    );
    fc.assert(
      fc.property(orders, knownFacts, (rules, given) => {
        const first = rules.findIndex(({ when }) => matches(when, given) === "yes");
        const verdict = judge({ rules, budgets: [] }, given);
        expect(verdict.kind).toBe(rules[first]?.verdict ?? "ask");
        expect(verdict.rule).toBe(first < 0 ? null : first + 1);
      }),
    );
  });

  test("allow nothing that they would not allow if everything were known", () => {
    const unknowns = fc.subarray(["product", "reason", "earlierRefunds"] as const, { minLength: 1 });
    fc.assert(
      fc.property(anyPolicy, knownFacts, unknowns, (policy, given, names) => {
        if (judge(policy, given).kind === "allow") return;
        const blanked = { ...given, ...Object.fromEntries(names.map((name) => [name, null])) };
        expect(judge(policy, blanked).kind).not.toBe("allow");
      }),
    );
  });

  test("never compare amounts across currencies: what is said of other currencies changes nothing", () => {
    fc.assert(
      fc.property(anyPolicy, anyFacts, fc.integer({ min: 0, max: 20 }), (policy, given, atMost) => {
        const others = (ranges: Conditions["amount"]) =>
          ranges?.map((range) =>
            range.currency === given.currency ? range : { currency: range.currency, atMost },
          );
        const changed = policy.rules.map((rule): Rule => {
          const { earlierRefunds: history, amount, ...when } = rule.when;
          const earlierRefunds = history && { ...history, amount: others(history.amount) };
          return { ...rule, when: { ...when, amount: others(amount), earlierRefunds } };
        });
        expect(judge({ rules: changed, budgets: [] }, given)).toEqual(judge(policy, given));
      }),
    );
  });

  test("that are said to cover another match whatever that one matches", () => {
    fc.assert(
      fc.property(anyConditions, anyConditions, fc.array(knownFacts), (outer, inner, many) => {
        const both = [covers(outer, inner), covers(outer, { ...outer, ...inner })];
        for (const given of many) {
          if (both[0] && matches(inner, given) === "yes") expect(matches(outer, given)).toBe("yes");
          if (both[1] && matches({ ...outer, ...inner }, given) === "yes")
            expect(matches(outer, given)).toBe("yes");
        }
      }),
    );
  });
});

test.each<[string, Conditions, "yes" | "no" | "unknown", Partial<PolicyFacts>?]>([
  ["no condition", {}, "yes"],
  ["an amount up to and with the limit", { amount: [{ currency: "eur", atMost: 5_000 }] }, "yes"],
  ["an amount over the limit", { amount: [{ currency: "eur", atMost: 4_999 }] }, "no"],
  ["an amount that is not above", { amount: [{ currency: "eur", above: 5_000 }] }, "no"],
  ["an amount above", { amount: [{ currency: "eur", above: 4_999 }] }, "yes"],
  ["an amount of a currency that is not named", { amount: [{ currency: "usd", atMost: 9_000 }] }, "no"],
  ["the currency", { currency: ["usd", "eur"] }, "yes"],
  ["another currency", { currency: ["usd"] }, "no"],
  ["an age to the millisecond", { ageInDays: { atMost: 10 } }, "yes"],
  ["an age of a millisecond more", { ageInDays: { atMost: 10 } }, "no", { ageMs: 10 * dayMs + 1 }],
  ["an age above", { ageInDays: { above: 10 } }, "yes", { ageMs: 10 * dayMs + 1 }],
  ["the product", { product: ["Course"] }, "yes"],
  ["another product", { product: ["course"] }, "no"],
  ["a product that is not known", { product: ["Course"] }, "unknown", { product: null }],
  ["the reason", { reason: ["duplicate", "fraudulent"] }, "yes"],
  ["another reason", { reason: ["fraudulent"] }, "no"],
  ["who asks", { requester: ["agent"] }, "yes"],
  ["who does not ask", { requester: ["person"] }, "no"],
  ["no dispute", { dispute: ["none", "won"] }, "yes"],
  ["a dispute", { dispute: ["open"] }, "no"],
  ["refunds before", { earlierRefunds: { withinDays: 30, count: { above: 1, atMost: 2 } } }, "yes"],
  ["more refunds before", { earlierRefunds: { withinDays: 30, count: { above: 2 } } }, "no"],
  [
    "their amount",
    { earlierRefunds: { withinDays: 30, amount: [{ currency: "eur", above: 699, atMost: 700 }] } },
    "yes",
  ],
  [
    "a larger amount of them",
    { earlierRefunds: { withinDays: 30, count: { above: 1 }, amount: [{ currency: "eur", above: 700 }] } },
    "no",
  ],
  [
    "refunds in a window that nobody counted",
    { earlierRefunds: { withinDays: 7, count: { above: 0 } } },
    "unknown",
  ],
  [
    "refunds of nobody knows whom",
    { earlierRefunds: { withinDays: 30, count: { atMost: 0 } } },
    "unknown",
    { earlierRefunds: null },
  ],
  [
    "refunds of nobody knows whom, in a currency that is not named",
    { earlierRefunds: { withinDays: 30, amount: [{ currency: "usd", above: 0 }] } },
    "no",
    { earlierRefunds: null },
  ],
  ["one condition of two", { requester: ["agent"], dispute: ["open"] }, "no"],
  [
    "what is not known beside what does not hold",
    { product: ["Course"], dispute: ["open"] },
    "no",
    { product: null },
  ],
])("%s", (_name, when, expected, changed = {}) => {
  expect(matches(when, { ...facts, ...changed })).toBe(expected);
});

describe("a verdict says why", () => {
  const amount = [{ currency: "eur", atMost: 5_000 }];

  test.each<[string, Rule[], object]>([
    [
      "no rule at all",
      [],
      {
        kind: "ask",
        rule: null,
        role: "approver",
        approvers: 1,
        explanation: "No rule of the policy covers it, so a person decides.",
      },
    ],
    [
      "a rule that allows",
      [{ name: "Small", when: { amount }, verdict: "allow" }],
      { kind: "allow", rule: 1, explanation: "Rule 1 (Small) allows it." },
    ],
    [
      "a rule that asks, behind one that does not match",
      [
        { when: { dispute: ["open"] }, verdict: "refuse", reason: "No." },
        { when: {}, verdict: "ask", approvers: 1, role: "admin" },
      ],
      { kind: "ask", rule: 2, role: "admin", approvers: 1, explanation: "Rule 2 asks an admin." },
    ],
    [
      "a rule that asks several",
      [{ when: {}, verdict: "ask", approvers: 2, role: "admin" }],
      { kind: "ask", rule: 1, role: "admin", approvers: 2, explanation: "Rule 1 asks two admins." },
    ],
    [
      "a rule that asks a person",
      [{ when: {}, verdict: "ask", approvers: 1, role: "approver" }],
      { kind: "ask", rule: 1, role: "approver", approvers: 1, explanation: "Rule 1 asks a person." },
    ],
    [
      "a rule that refuses",
      [{ when: {}, verdict: "refuse", reason: "Courses are not refunded." }],
      {
        kind: "refuse",
        rule: 1,
        reason: "Courses are not refunded.",
        explanation: "Rule 1 refuses it: Courses are not refunded.",
      },
    ],
  ])("%s", (_name, rules, verdict) => {
    expect(judge({ rules, budgets: [] }, facts)).toEqual(verdict);
  });

  test("where a fact is missing, a person is asked and no rule that allows is reached", () => {
    const allow: Rule = { when: { amount }, verdict: "allow" };
    const refuse: Rule = { when: { product: ["Book"] }, verdict: "refuse", reason: "No." };
    const ask: Rule = { when: { product: ["Book"] }, verdict: "ask", approvers: 1, role: "admin" };
    const unnamed = { ...facts, product: null };
    expect(judge({ rules: [refuse, allow], budgets: [] }, unnamed)).toEqual({
      kind: "ask",
      rule: 1,
      role: "approver",
      approvers: 1,
      explanation: "Rule 1 cannot be judged: the purchase does not say what it needs. A person decides.",
    });
    expect(judge({ rules: [ask, allow], budgets: [] }, unnamed)).toMatchObject({
      role: "admin",
      explanation: "Rule 1 cannot be judged: the purchase does not say what it needs. An admin decides.",
    });
    expect(judge({ rules: [{ ...ask, approvers: 3 }], budgets: [] }, unnamed)).toMatchObject({
      approvers: 3,
      explanation: "Rule 1 cannot be judged: the purchase does not say what it needs. Three admins decide.",
    });
    const allowsBooks: Rule = { when: { amount, product: ["Book"] }, verdict: "allow" };
    expect(judge({ rules: [allowsBooks, allow], budgets: [] }, unnamed)).toMatchObject({
      kind: "allow",
      rule: 2,
    });
    expect(judge({ rules: [allowsBooks], budgets: [] }, unnamed)).toMatchObject({ kind: "ask", rule: null });
  });
});
