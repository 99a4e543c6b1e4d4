import { whyImpossible, whyUnreachable } from "./impossible-rules.ts";
import { type Budget, type Rule, storedPolicySchema } from "./policy-document.ts";

/**
 * A policy from outside. Beside its shape it is asked for sense: each rule must be able to match, must not
 * stand behind one that takes all that it matches, and must say up to which amount where it allows.
 */
export const policySchema = storedPolicySchema.superRefine(({ rules, budgets }, context) => {
  const seen: Rule[] = [];
  for (const [index, rule] of rules.entries()) {
    const impossible = whyImpossible(rule) ?? whyUnreachable(rule, seen);
    if (impossible !== null) {
      const { path, sentence } = impossible;
      context.addIssue({ code: "custom", path: ["rules", index, ...path], message: sentence });
    }
    seen.push(rule);
  }
  for (const [index, budget] of budgets.entries()) {
    const first = budgets.findIndex((other) => nameOf(other) === nameOf(budget));
    if (first === index) continue;
    const message = `limits the same as budget ${first + 1}. Keep one of them`;
    context.addIssue({ code: "custom", path: ["budgets", index], message });
  }
});

const nameOf = ({ per, period, limit }: Budget) => `${per}/${period}/${limit.currency}`;
