import fc from "fast-check";
import { expect, test } from "vitest";
import { parseInput } from "../parse-input.ts";
import { anyPolicy } from "./policy.fixture.ts";
import { storedPolicySchema } from "./policy-document.ts";
import { policySchema } from "./policy-schema.ts";

// A policy that cannot mean what its author thinks is refused with a sentence, and never kept.
const allow = { when: { amount: [{ currency: "eur", atMost: 5_000 }] }, verdict: "allow" };
const ask = (when: object) => ({ when, verdict: "ask" });

test("a policy of sense is taken, with what it leaves out", () => {
  const rules = [
    {
      name: "Disputed",
      when: { dispute: ["open", "lost"] },
      verdict: "refuse",
      reason: "Your bank decides.",
    },
    allow,
    ask({ amount: [{ currency: "eur", above: 5_000 }] }),
    { when: {}, verdict: "ask", role: "admin", approvers: 3 },
  ];
  const parsed = parseInput(policySchema, { rules });
  expect(parsed.rules[2]).toMatchObject({ approvers: 1, role: "approver" });
  expect(parsed.rules[3]).toMatchObject({ approvers: 3, role: "admin" });
});

test.each<[string, unknown, string, RegExp]>([
  ["more approvers than three", { when: {}, verdict: "ask", approvers: 4 }, "rules.0.approvers", /3/],
  ["no approver", { when: {}, verdict: "ask", approvers: 0 }, "rules.0.approvers", /1/],
  ["no condition of ours", ask({ country: ["DE"] }), "rules.0.when", /country/],
  ["a verdict of nobody's", { when: {}, verdict: "maybe" }, "rules.0.verdict", /./],
  ["a refusal without a word for the customer", { when: {}, verdict: "refuse" }, "rules.0.reason", /./],
  ["a range of nothing", ask({ ageInDays: {} }), "rules.0.when.ageInDays", /above, atMost or both/],
  [
    "a range that holds nothing",
    ask({ ageInDays: { above: 14, atMost: 14 } }),
    "rules.0.when.ageInDays",
    /is empty: above must be less than atMost/,
  ],
  [
    "amounts that none is in",
    ask({ amount: [{ currency: "eur", above: 2, atMost: 1 }] }),
    "rules.0.when.amount",
    /is empty.*\(eur\)/,
  ],
  [
    "half of a yen in hundredths",
    ask({ amount: [{ currency: "isk", atMost: 150 }] }),
    "rules.0.when.amount.0",
    /not an amount of this currency/,
  ],
  [
    "a currency twice",
    ask({
      amount: [
        { currency: "eur", atMost: 1 },
        { currency: "eur", above: 5 },
      ],
    }),
    "rules.0.when.amount",
    /has eur twice/,
  ],
  ["an item twice", ask({ product: ["Book", "Book "] }), "rules.0.when.product", /has Book twice/],
  ["an empty list", ask({ reason: [] }), "rules.0.when.reason", /./],
  [
    "two currencies that no request is in at once",
    ask({ currency: ["usd"], amount: [{ currency: "eur", atMost: 1 }] }),
    "rules.0.when.amount",
    /currency names usd, and amount names eur\. Amounts are never compared across currencies/,
  ],
  [
    "amounts of two currencies, of now and of before",
    ask({
      amount: [{ currency: "eur", atMost: 1 }],
      earlierRefunds: { withinDays: 30, amount: [{ currency: "usd", above: 1 }] },
    }),
    "rules.0.when.earlierRefunds.amount",
    /amount names eur, and earlierRefunds\.amount names usd/,
  ],
  [
    "a history of nothing",
    ask({ earlierRefunds: { withinDays: 30 } }),
    "rules.0.when.earlierRefunds",
    /count, amount or both/,
  ],
  ["everything allowed", { when: {}, verdict: "allow" }, "rules.0.when.amount", /up to which amount/],
  [
    "everything above allowed",
    { when: { amount: [{ currency: "eur", above: 1 }] }, verdict: "allow" },
    "rules.0.when.amount",
    /up to which amount/,
  ],
])("%s is refused", (_name, rule, field, sentence) => {
  let refused: unknown;
  try {
    parseInput(policySchema, { rules: [rule] });
  } catch (error) {
    refused = error;
  }
  expect(refused).toMatchObject({
    code: "invalid_input",
    details: { fields: expect.arrayContaining([{ field, message: expect.stringMatching(sentence) }]) },
  });
});

test.each<[string, object, object]>([
  ["one that matches everything", {}, { dispute: ["open"] }],
  [
    "a wider range of amounts",
    { amount: [{ currency: "usd", atMost: 9 }] },
    { amount: [{ currency: "usd", atMost: 8 }], reason: ["duplicate"] },
  ],
  ["a list with more", { reason: ["duplicate", "fraudulent"] }, { reason: ["fraudulent"] }],
  ["the currencies of its amounts", { currency: ["usd"] }, { amount: [{ currency: "usd", above: 1 }] }],
  [
    "a wider history",
    { earlierRefunds: { withinDays: 30, count: { above: 1 } } },
    { earlierRefunds: { withinDays: 30, count: { above: 2 } } },
  ],
])("a rule behind %s is never reached, and refused", (_name, before, behind) => {
  const rules = [allow, ask(before), ask(behind)];
  expect(() => parseInput(policySchema, { rules })).toThrow(/rules\.2: is never reached: rule 2 matches all/);
  expect(parseInput(policySchema, { rules: [allow, ask(behind), ask(before)] }).rules).toHaveLength(3);
});

test.each<[string, object, object]>([
  ["a narrower range", { ageInDays: { above: 1, atMost: 5 } }, { ageInDays: { atMost: 5 } }],
  [
    "another window",
    { earlierRefunds: { withinDays: 7, count: { above: 1 } } },
    { earlierRefunds: { withinDays: 30, count: { above: 1 } } },
  ],
  [
    "another currency",
    { amount: [{ currency: "usd", atMost: 9 }] },
    { amount: [{ currency: "eur", atMost: 8 }] },
  ],
  ["amounts that are not named", { currency: ["eur"] }, { ageInDays: { atMost: 8 } }],
])("a rule behind %s is taken", (_name, before, behind) => {
  expect(parseInput(policySchema, { rules: [ask(before), ask(behind)] }).rules).toHaveLength(2);
});

test("whatever is taken is kept as it is, and read again as the same", () => {
  fc.assert(
    fc.property(anyPolicy, (policy) => {
      const taken = policySchema.safeParse(policy);
      if (!taken.success) return;
      expect(storedPolicySchema.parse(JSON.parse(JSON.stringify(taken.data)))).toEqual(taken.data);
    }),
  );
});

test.each<[string, object[], RegExp]>([
  [
    "two budgets of one kind",
    [
      { per: "app", period: "day", limit: { amount: 1, currency: "eur" } },
      { per: "app", period: "day", limit: { amount: 2, currency: "eur" } },
    ],
    /budgets\.1: limits the same as budget 1/,
  ],
  ["a budget of nothing", [{ per: "app", period: "day", limit: { amount: 0, currency: "eur" } }], /amount/],
  ["a budget per week", [{ per: "app", period: "week", limit: { amount: 1, currency: "eur" } }], /period/],
  [
    "a budget in hundredths of a whole-unit currency",
    [{ per: "app", period: "day", limit: { amount: 150, currency: "isk" } }],
    /not an amount of this currency/,
  ],
])("%s is refused", (_name, budgets, sentence) => {
  expect(() => parseInput(policySchema, { rules: [], budgets })).toThrow(sentence);
});
