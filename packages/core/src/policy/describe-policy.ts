import { formatMoney } from "../money.ts";
import type { Budget, Conditions, MoneyRange, Policy, Range, Reason, Rule } from "./policy-document.ts";

/** A rule as the people of the desk read it. */
export interface RuleInWords {
  /** "Small amounts", or "Rule 2" where it has no name. */
  readonly title: string;
  /** All of them have to hold; none: it takes every request. */
  readonly conditions: readonly string[];
  /** "A person decides", say. */
  readonly outcome: string;
  /** What the customer is told; null unless it refuses. */
  readonly reason: string | null;
}

/** @param reasonName what the desk calls a reason; unless told, its key */
type ReasonName = (reason: string) => string;

/** Says a rule in words, with the names that people use for reasons. */
export function describeRule(rule: Rule, number: number, reasonName: ReasonName = (key) => key): RuleInWords {
  return {
    title: rule.name ?? `Rule ${number}`,
    conditions: describeConditions(rule.when, reasonName),
    outcome: outcomeOf(rule),
    reason: rule.verdict === "refuse" ? rule.reason : null,
  };
}

function outcomeOf(rule: Rule): string {
  if (rule.verdict === "allow") return "Refunded without a person";
  if (rule.verdict === "refuse") return "Refused";
  const isAdmin = rule.role === "admin";
  if (rule.approvers === 1) return isAdmin ? "An administrator decides" : "An approver decides";
  const many = rule.approvers === 2 ? "Two" : "Three";
  return `${many} ${isAdmin ? "administrators" : "approvers"} have to agree`;
}

const disputeNames = {
  none: "there is no dispute",
  open: "a dispute is open",
  won: "a dispute was won",
  lost: "a dispute was lost",
} as const;

function describeConditions(when: Conditions, reasonName: ReasonName): string[] {
  const { amount, currency, ageInDays, product, earlierRefunds, reason, requester, dispute } = when;
  return [
    amount && `the amount is ${or(amount.map(moneyRange))}`,
    currency && `it was paid in ${or(currency.map((code) => code.toUpperCase()))}`,
    ageInDays && `the purchase is ${range(ageInDays)} days old`,
    product && `the product is ${or(product.map((name) => `“${name}”`))}`,
    earlierRefunds && describeHistory(earlierRefunds),
    reason && `the reason is “${or(reason.map(reasonName), "” or “")}”`,
    requester && `${or(requester.map((who) => (who === "agent" ? "an agent" : "a person")))} asks`,
    dispute && or(dispute.map((state) => disputeNames[state])),
  ].filter((sentence): sentence is string => typeof sentence === "string");
}

function describeHistory({ withinDays, count, amount }: NonNullable<Conditions["earlierRefunds"]>): string {
  const parts = [
    ...(count === undefined ? [] : [`${range(count)} refunds`]),
    ...(amount === undefined ? [] : [`refunds of ${or(amount.map(moneyRange))}`]),
  ];
  return `the customer had ${parts.join(", and ")} in the ${withinDays} days before`;
}

function range({ above, atMost }: Range, write: (value: number) => string = String): string {
  const parts = [
    ...(above === undefined ? [] : [`more than ${write(above)}`]),
    ...(atMost === undefined ? [] : [`at most ${write(atMost)}`]),
  ];
  return parts.join(" and ");
}

const moneyRange = ({ currency, ...limits }: MoneyRange): string =>
  range(limits, (amount) => formatMoney({ amount, currency }));

function or(items: readonly string[], between = " or "): string {
  return items.join(between);
}

/** "Reason “Arrived late” (arrived_late), which Stripe is not told". */
export function describeReason({ code, label, stripe }: Reason): string {
  return `Reason “${label}” (${code}), ${stripe === null ? "which Stripe is not told" : `for Stripe ${stripe}`}`;
}

const budgetOwners = { app: "the app", agent: "each agent", customer: "each customer" } as const;

/** "At most €1,000.00 a day for the app". */
export function describeBudget({ per, period, limit }: Budget): string {
  return `At most ${formatMoney(limit)} a ${period} for ${budgetOwners[per]}`;
}

/** Each thing that a policy says as one line: what two versions are compared by. */
export function policyLines(policy: Policy, reasonName?: ReasonName): string[] {
  const { rules, budgets, reminders, reasons = [] } = policy;
  return [
    ...rules.map((rule, index) => ruleLine(describeRule(rule, index + 1, reasonName), rule.name)),
    ...budgets.map(describeBudget),
    ...reasons.map(describeReason),
    ...(reminders === undefined
      ? []
      : [
          `Reminds after ${reminders.afterHours} hours, tells administrators after ${reminders.escalateAfterHours}`,
        ]),
  ];
}

function ruleLine({ conditions, outcome, reason }: RuleInWords, name: string | undefined): string {
  const said = conditions.length === 0 ? "always" : `when ${conditions.join(", and ")}`;
  const forCustomer = reason === null ? "" : `: “${reason}”`;
  return `${name === undefined ? "" : `${name}: `}${outcome.toLowerCase()} ${said}${forCustomer}`;
}
