import { formatMoney, type Money } from "../money.ts";
import type { PolicyFacts } from "./facts.ts";
import type { Verdict } from "./judge.ts";
import type { Budget, Policy } from "./policy-document.ts";

/** Whose spending, and in which time, limits in several currencies count alike. */
export type BudgetScope = Pick<Budget, "per" | "period">;

/** What policy has let out in a scope, in the currency of the request; smallest unit. Null: not known whose it is. */
export interface Spending extends BudgetScope {
  readonly spent: number | null;
}

/** The scopes that a policy limits and that a request of this requester counts in. */
export function scopesOf({ budgets }: Policy, requester: PolicyFacts["requester"]): BudgetScope[] {
  const scopes = new Map(budgets.map(({ per, period }) => [`${per}/${period}`, { per, period }]));
  return [...scopes.values()].filter(({ per }) => per !== "agent" || requester === "agent");
}

/**
 * The verdict of the rules, within the budgets: what they do not hold is asked of a person.
 *
 * @param money of this refund alone
 * @param spending of each scope of `scopesOf`
 */
export function withinBudgets(
  verdict: Verdict,
  policy: Policy,
  money: Money,
  spending: readonly Spending[],
): Verdict {
  if (verdict.kind !== "allow") return verdict;
  const excess = whyOverBudget(policy, money, spending);
  if (excess === null) return verdict;
  const explanation = `${verdict.explanation} But: ${excess}`;
  return { kind: "ask", rule: verdict.rule, role: "approver", approvers: 1, explanation };
}

/**
 * Why the budgets do not let a refund out; null when it is within all of them. A scope that is limited has
 * nothing in a currency that it does not name.
 *
 * @param money of this refund alone
 * @param spending of each scope of `scopesOf`
 */
export function whyOverBudget(
  { budgets }: Policy,
  money: Money,
  spending: readonly Spending[],
): string | null {
  for (const { per, period, spent } of spending) {
    const name = `The budget per ${per} and ${period}`;
    if (spent === null) return `${name} cannot be counted: the purchase names no customer.`;
    const budget = budgets.find(
      (one) => one.per === per && one.period === period && one.limit.currency === money.currency,
    );
    if (budget === undefined) return `${name} has nothing in ${money.currency.toUpperCase()}.`;
    const left = Math.max(0, budget.limit.amount - spent);
    if (money.amount > left) {
      const rest = formatMoney({ amount: left, currency: money.currency });
      return `${name}, ${formatMoney(budget.limit)}, has ${rest} left.`;
    }
  }
  return null;
}

/** The day or month in UTC that a moment is in; `until` is no longer in it. */
export function periodOf(period: Budget["period"], at: Date): { from: Date; until: Date } {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  return period === "day"
    ? { from: new Date(Date.UTC(year, month, day)), until: new Date(Date.UTC(year, month, day + 1)) }
    : { from: new Date(Date.UTC(year, month)), until: new Date(Date.UTC(year, month + 1)) };
}
