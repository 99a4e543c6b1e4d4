import { parseInput } from "@redress/core/parse-input";
import { policySchema } from "@redress/core/policy/policy-schema";
import { expect, it } from "vitest";
import { allWithin, problemsOf } from "../components/policies/draft-problems.ts";
import { readDraft } from "../components/policies/read-draft.ts";
import { documentOf, draftOf } from "../components/policies/write-draft.ts";
import { describeError } from "./http/error-response.ts";

// The cards write what they were drawn from, and what they cannot write the desk refuses at the field.
const policy = policySchema.parse({
  rules: [
    {
      name: "Disputed",
      when: { dispute: ["open", "lost"], requester: ["agent"] },
      verdict: "ask",
      role: "admin",
    },
    { when: { ageInDays: { above: 90 } }, verdict: "refuse", reason: "We refund within 90 days." },
    {
      when: {
        earlierRefunds: {
          withinDays: 30,
          count: { above: 2 },
          amount: [{ currency: "eur", above: 0, atMost: 1_050 }],
        },
        currency: ["eur"],
        reason: ["duplicate"],
      },
      verdict: "ask",
      approvers: 2,
    },
    {
      when: {
        amount: [
          { currency: "eur", above: 0, atMost: 5_000 },
          { currency: "jpy", atMost: 6_000 },
          { currency: "kwd", atMost: 1_230 },
        ],
        product: ["Course, part 1", "Course, part 2"],
      },
      verdict: "allow",
    },
  ],
  budgets: [{ per: "agent", period: "day", limit: { amount: 20_000, currency: "eur" } }],
  reminders: { afterHours: 4, escalateAfterHours: 24 },
});

function refusal(document: unknown) {
  try {
    parseInput(policySchema, document);
  } catch (error) {
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    return problemsOf(describeError(error, { logger, correlationId: "cor_test" }).body);
  }
  throw new Error("this was to be refused");
}

it("what is drawn as cards and written again is the same policy, by the text as well", () => {
  expect(policySchema.parse(documentOf(draftOf(policy)))).toEqual(policy);
  const read = readDraft(JSON.stringify(policy));
  expect(read && policySchema.parse(documentOf(read))).toEqual(policy);
  expect(readDraft('{"rules":[{"verdict":"allow"}]}')).toBeNull();
  expect(readDraft("{")).toBeNull();
});

it("what is no amount is refused at its card, in words", () => {
  const draft = draftOf(policy);
  const amount = [{ currency: "eur", above: "", atMost: "1.234,5" }];
  const rules = draft.rules.map((rule, index) =>
    index === 3 ? { ...rule, when: { ...rule.when, amount } } : rule,
  );
  const problems = refusal(documentOf({ ...draft, rules }));
  expect(allWithin(problems, "rules.3.when.amount")).toEqual([
    "Write an amount such as 50.00, without a mark for thousands.",
  ]);
  expect(allWithin(problems, "rules.2")).toEqual([]);
});

it("a rule without its sentence, and one that nothing reaches, are refused at their places", () => {
  const draft = draftOf(policy);
  const silent = draft.rules.map((rule, index) => (index === 1 ? { ...rule, reason: " " } : rule));
  expect(refusal(documentOf({ ...draft, rules: silent })).get("rules.1.reason")).toContain(
    "sentence that the customer reads",
  );
  const [first] = draft.rules;
  const twice = first ? [first, { ...first, key: 9 }] : [];
  expect(refusal(documentOf({ ...draft, rules: twice })).get("rules.1")).toMatch(/^Is never reached: rule 1/);
});
