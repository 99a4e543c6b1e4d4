import { type Impossible, whyImpossible, whyUnreachable } from "./impossible-rules.ts";
import { type Budget, type Rule, storedPolicySchema } from "./policy-document.ts";
import { reasonsOf } from "./reasons.ts";

/**
 * A policy from outside. Beside its shape it is asked for sense: each rule must be able to match, must not
 * stand behind one that takes all that it matches, and must say up to which amount where it allows.
 */
export const policySchema = storedPolicySchema.superRefine(({ rules, budgets, reasons }, context) => {
  const codes = reasonsOf({ reasons }).map(({ code }) => code);
  for (const [index, code] of codes.entries()) {
    if (codes.indexOf(code) === index) continue;
    context.addIssue({
      code: "custom",
      path: ["reasons", index, "code"],
      message: `is there twice: ${code}`,
    });
  }
  const seen: Rule[] = [];
  for (const [index, rule] of rules.entries()) {
    const impossible = whyImpossible(rule) ?? unknownReason(rule, codes) ?? whyUnreachable(rule, seen);
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

function unknownReason({ when }: Rule, codes: readonly string[]): Impossible | null {
  const unknown = when.reason?.find((code) => !codes.includes(code));
  if (unknown === undefined) return null;
  const sentence = `names ${unknown}, which is none of the reasons: ${codes.join(", ")}`;
  return { path: ["when", "reason"], sentence };
}

const nameOf = ({ per, period, limit }: Budget) => `${per}/${period}/${limit.currency}`;
