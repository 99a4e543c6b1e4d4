import { expect, test } from "vitest";
import { describeBudget, describeRule } from "./describe-policy.ts";
import { comparePolicies } from "./list-policy-versions.ts";
import { policySchema } from "./policy-schema.ts";

// What the console says of a rule is what the judge does with it, in the words of a support lead.
const policy = policySchema.parse({
  rules: [
    {
      when: { dispute: ["open", "lost"], requester: ["agent"] },
      verdict: "ask",
      role: "admin",
      approvers: 2,
    },
    { when: { ageInDays: { above: 90 } }, verdict: "refuse", reason: "We refund within 90 days." },
    {
      name: "Often",
      when: { earlierRefunds: { withinDays: 30, count: { above: 2 } }, reason: ["duplicate"] },
      verdict: "ask",
    },
    {
      name: "Small",
      when: {
        amount: [
          { currency: "eur", above: 100, atMost: 5000 },
          { currency: "jpy", atMost: 6000 },
        ],
        product: ["Course, part 1"],
      },
      verdict: "allow",
    },
  ],
  budgets: [{ per: "agent", period: "day", limit: { amount: 20_000, currency: "eur" } }],
});

test("each condition and each verdict has its words, amounts in their currency", () => {
  const said = policy.rules.map((rule, index) => describeRule(rule, index + 1, () => "Charged twice"));
  expect(said).toEqual([
    {
      title: "Rule 1",
      conditions: ["an agent asks", "a dispute is open or a dispute was lost"],
      outcome: "Two administrators have to agree",
      reason: null,
    },
    {
      title: "Rule 2",
      conditions: ["the purchase is more than 90 days old"],
      outcome: "Refused",
      reason: "We refund within 90 days.",
    },
    {
      title: "Often",
      conditions: [
        "the customer had more than 2 refunds in the 30 days before",
        "the reason is “Charged twice”",
      ],
      outcome: "An approver decides",
      reason: null,
    },
    {
      title: "Small",
      conditions: [
        "the amount is more than €1.00 and at most €50.00 or at most ¥6,000",
        "the product is “Course, part 1”",
      ],
      outcome: "Refunded without a person",
      reason: null,
    },
  ]);
  expect(policy.budgets.map(describeBudget)).toEqual(["At most €200.00 a day for each agent"]);
});

test("two versions differ by what was added, removed, and put in another order", () => {
  const [first, second, ...others] = policy.rules;
  if (!first || !second) throw new Error("the policy above has rules");
  const moved = { ...policy, rules: [second, first, ...others] };
  expect(comparePolicies(policy, moved)).toEqual({ added: [], removed: [], reordered: true });
  const shorter = { ...policy, rules: [second, ...others] };
  expect(comparePolicies(policy, shorter)).toMatchObject({
    added: [],
    removed: [expect.stringContaining("two administrators have to agree when an agent asks")],
    reordered: false,
  });
  expect(comparePolicies(null, policy).added).toHaveLength(5);
  expect(comparePolicies(policy, policy)).toEqual({ added: [], removed: [], reordered: false });
});
