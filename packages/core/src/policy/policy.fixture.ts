import { approverRoles, refundReasons } from "@redress/database";
import fc from "fast-check";
import type { PolicyFacts } from "./facts.ts";
import { type Conditions, disputeStates, type Rule } from "./policy-document.ts";

/** Few values, so that rules and facts meet often. */
const currencies = ["eur", "usd", "jpy"] as const;
const products = ["Course", "Book"] as const;
const windows = [7, 30] as const;
const dayMs = 24 * 60 * 60 * 1000;

const numbers = fc.integer({ min: 0, max: 6 });
const range = fc
  .tuple(fc.option(numbers, { nil: undefined }), fc.integer({ min: 1, max: 6 }))
  .map(([above, size]) => (above === undefined ? { atMost: size } : { above, atMost: above + size }));
const some = <Item extends string>(items: readonly Item[]) => fc.subarray([...items], { minLength: 1 });
const moneyRanges = fc
  .tuple(some(currencies), fc.array(range, { minLength: 3, maxLength: 3 }))
  .map(([named, ranges]) => named.map((currency, index) => ({ ...ranges[index], currency })));

export const anyConditions: fc.Arbitrary<Conditions> = fc.record(
  {
    amount: moneyRanges,
    currency: some(currencies),
    ageInDays: range,
    product: some(products),
    earlierRefunds: fc.record(
      { withinDays: fc.constantFrom(...windows), count: range, amount: moneyRanges },
      { requiredKeys: ["withinDays", "count"] },
    ),
    reason: some(refundReasons),
    requester: some(["person", "agent"] as const),
    dispute: some(disputeStates),
  },
  { requiredKeys: [] },
);

export const anyRule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({ when: anyConditions, verdict: fc.constant("allow" as const) }),
  fc.record({
    when: anyConditions,
    verdict: fc.constant("ask" as const),
    approvers: fc.integer({ min: 1, max: 3 }),
    role: fc.constantFrom(...approverRoles),
  }),
  fc.record({
    when: anyConditions,
    verdict: fc.constant("refuse" as const),
    reason: fc.constant("Sorry, no."),
  }),
);

export const anyPolicy = fc.array(anyRule, { maxLength: 6 }).map((rules) => ({ rules, budgets: [] }));

/** Facts of which everything is known. */
export const knownFacts: fc.Arbitrary<PolicyFacts> = fc.record({
  amount: fc.integer({ min: 1, max: 12 }),
  currency: fc.constantFrom(...currencies, "gbp"),
  ageMs: numbers.map((days) => days * dayMs),
  product: fc.constantFrom<string | null>(...products, "Another"),
  reason: fc.constantFrom(...refundReasons),
  requester: fc.constantFrom("person" as const, "agent" as const),
  dispute: fc.constantFrom(...disputeStates),
  earlierRefunds: fc
    .tuple(...windows.map(() => fc.record({ count: numbers, amount: numbers })))
    .map((counted) =>
      windows.map((withinDays, index) => ({ withinDays, count: 0, amount: 0, ...counted[index] })),
    ),
});

export const anyFacts: fc.Arbitrary<PolicyFacts> = fc
  .tuple(knownFacts, fc.boolean(), fc.boolean(), fc.boolean())
  .map(([facts, product, reason, history]) => ({
    ...facts,
    ...(product && { product: null }),
    ...(reason && { reason: null }),
    ...(history && { earlierRefunds: null }),
  }));
