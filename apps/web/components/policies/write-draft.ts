import { parseAmount, writeAmount } from "../../src/parse-amount.ts";
import {
  type ConditionsDraft,
  emptyRange,
  type MoneyRangeDraft,
  newBudget,
  newRule,
  type Policy,
  type PolicyDraft,
  type RangeDraft,
  type RuleDraft,
} from "./policy-draft.ts";

type Range = { above?: number | undefined; atMost?: number | undefined };

/** The cards of a policy. */
export function draftOf({ rules, budgets, reminders, reasons }: Policy): PolicyDraft {
  return {
    rules: rules.map((rule, key) => ({
      ...newRule(key),
      name: rule.name ?? "",
      when: conditionsOf(rule.when),
      verdict: rule.verdict,
      ...(rule.verdict === "ask" ? { approvers: String(rule.approvers), role: rule.role } : {}),
      ...(rule.verdict === "refuse" ? { reason: rule.reason } : {}),
    })),
    budgets: budgets.map(({ per, period, limit }, key) => ({
      ...newBudget(key),
      per,
      period,
      amount: writeAmount(limit),
      currency: limit.currency,
    })),
    reasons: reasons ?? null,
    reminders: reminders
      ? {
          afterHours: String(reminders.afterHours),
          escalateAfterHours: String(reminders.escalateAfterHours),
        }
      : null,
  };
}

function conditionsOf(when: Policy["rules"][number]["when"]): ConditionsDraft {
  const { amount, currency, ageInDays, product, earlierRefunds, reason, requester, dispute } = when;
  return {
    amount: amount?.map(moneyOf) ?? null,
    currency: currency?.join(", ") ?? null,
    ageInDays: ageInDays ? rangeOf(ageInDays) : null,
    product: product?.join("\n") ?? null,
    earlierRefunds: earlierRefunds
      ? {
          withinDays: String(earlierRefunds.withinDays),
          count: earlierRefunds.count ? rangeOf(earlierRefunds.count) : emptyRange,
          amount: earlierRefunds.amount?.map(moneyOf) ?? [],
        }
      : null,
    reason: reason ?? null,
    requester: requester ?? null,
    dispute: dispute ?? null,
  };
}

function rangeOf({ above, atMost }: Range, write: (value: number) => string = String): RangeDraft {
  return {
    above: above === undefined ? "" : write(above),
    atMost: atMost === undefined ? "" : write(atMost),
  };
}

function moneyOf({ currency, ...range }: Range & { currency: string }): MoneyRangeDraft {
  return { currency, ...rangeOf(range, (amount) => writeAmount({ amount, currency })) };
}

/** What the cards say, to be judged by the desk: what is no number there goes as it was typed, and is refused. */
export function documentOf({ rules, budgets, reminders, reasons }: PolicyDraft): object {
  return {
    rules: rules.map(ruleDocument),
    budgets: budgets.map(({ per, period, amount, currency }) => ({
      per,
      period,
      limit: { amount: moneyFrom(amount, currency), currency: code(currency) },
    })),
    ...(reasons === null ? {} : { reasons }),
    ...(reminders === null
      ? {}
      : {
          reminders: {
            afterHours: wholeFrom(reminders.afterHours),
            escalateAfterHours: wholeFrom(reminders.escalateAfterHours),
          },
        }),
  };
}

function ruleDocument({ name, when, verdict, approvers, role, reason }: RuleDraft): object {
  return {
    ...(name.trim() === "" ? {} : { name: name.trim() }),
    when: conditionsDocument(when),
    verdict,
    ...(verdict === "ask" ? { approvers: wholeFrom(approvers), role } : {}),
    ...(verdict === "refuse" ? { reason } : {}),
  };
}

function conditionsDocument(when: ConditionsDraft): object {
  const { earlierRefunds } = when;
  const document = {
    amount: when.amount?.map(moneyDocument),
    currency: when.currency === null ? undefined : listFrom(when.currency, /[\s,]+/).map(code),
    ageInDays: when.ageInDays === null ? undefined : rangeDocument(when.ageInDays, wholeFrom),
    product: when.product === null ? undefined : listFrom(when.product, /\n/),
    earlierRefunds: earlierRefunds === null ? undefined : historyDocument(earlierRefunds),
    reason: when.reason ?? undefined,
    requester: when.requester ?? undefined,
    dispute: when.dispute ?? undefined,
  };
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}

function historyDocument({
  withinDays,
  count,
  amount,
}: NonNullable<ConditionsDraft["earlierRefunds"]>): object {
  const isCounted = count.above !== "" || count.atMost !== "";
  return {
    withinDays: wholeFrom(withinDays),
    ...(isCounted ? { count: rangeDocument(count, wholeFrom) } : {}),
    ...(amount.length > 0 ? { amount: amount.map(moneyDocument) } : {}),
  };
}

function moneyDocument({ currency, ...range }: MoneyRangeDraft): object {
  return { currency: code(currency), ...rangeDocument(range, (text) => moneyFrom(text, currency)) };
}

function rangeDocument({ above, atMost }: RangeDraft, read: (text: string) => unknown): object {
  return {
    ...(above.trim() === "" ? {} : { above: read(above) }),
    ...(atMost.trim() === "" ? {} : { atMost: read(atMost) }),
  };
}

const code = (currency: string) => currency.trim().toLowerCase();

const listFrom = (text: string, mark: RegExp) =>
  text.split(mark).flatMap((item) => (item.trim() === "" ? [] : [item.trim()]));

const wholeFrom = (text: string): number | string => (/^\s*\d{1,12}\s*$/.test(text) ? Number(text) : text);

function moneyFrom(text: string, currency: string): number | string {
  if (/^\s*0+([.,]0+)?\s*$/.test(text)) return 0;
  try {
    return parseAmount(text, code(currency));
  } catch {
    return text;
  }
}
