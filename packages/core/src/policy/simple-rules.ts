import type { Money } from "../money.ts";
import type { Policy } from "./policy-document.ts";

/** A policy that only says up to which amounts a request needs no person. */
export function simplePolicy(rules: readonly Money[]): Policy {
  if (rules.length === 0) return { rules: [], budgets: [] };
  const amount = rules.map(({ amount: atMost, currency }) => ({ currency, atMost }));
  return { rules: [{ name: "Small amounts", when: { amount }, verdict: "allow" }], budgets: [] };
}

/** The amounts of such a policy, by currency; null when it says more than that. */
export function simpleRules(policy: Policy): Money[] | null {
  const [rule, ...others] = policy.rules;
  if (policy.budgets.length > 0 || policy.reminders !== undefined || policy.reasons !== undefined)
    return null;
  if (rule === undefined) return [];
  const { amount, ...conditions } = rule.when;
  if (others.length > 0 || rule.verdict !== "allow" || amount === undefined) return null;
  if (Object.values(conditions).some((condition) => condition !== undefined)) return null;
  const rules = amount.flatMap(({ currency, above, atMost }) =>
    above === undefined && atMost !== undefined ? [{ amount: atMost, currency }] : [],
  );
  if (rules.length < amount.length) return null;
  return rules.toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
}
