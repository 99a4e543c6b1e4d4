import type { Budget, Policy, Reason, Rule } from "@redress/core/policy/policy-document";

/** What is typed into the cards. Numbers are text until they are sent: the desk judges them, not the browser. */
export interface RangeDraft {
  readonly above: string;
  readonly atMost: string;
}
export interface MoneyRangeDraft extends RangeDraft {
  readonly currency: string;
}
export interface HistoryDraft {
  readonly withinDays: string;
  readonly count: RangeDraft;
  readonly amount: readonly MoneyRangeDraft[];
}

/** Null: the rule does not look at it. */
export interface ConditionsDraft {
  readonly amount: readonly MoneyRangeDraft[] | null;
  /** "eur, usd" */
  readonly currency: string | null;
  readonly ageInDays: RangeDraft | null;
  /** One a line. */
  readonly product: string | null;
  readonly earlierRefunds: HistoryDraft | null;
  readonly reason: readonly string[] | null;
  readonly requester: readonly string[] | null;
  readonly dispute: readonly string[] | null;
}
export type ConditionName = keyof ConditionsDraft;

export interface RuleDraft {
  /** Tells cards apart while they are moved. */
  readonly key: number;
  readonly name: string;
  readonly when: ConditionsDraft;
  readonly verdict: Rule["verdict"];
  readonly approvers: string;
  readonly role: "approver" | "admin";
  /** For the customer. */
  readonly reason: string;
}

export interface BudgetDraft {
  readonly key: number;
  readonly per: Budget["per"];
  readonly period: Budget["period"];
  readonly amount: string;
  readonly currency: string;
}

export interface PolicyDraft {
  readonly rules: readonly RuleDraft[];
  readonly budgets: readonly BudgetDraft[];
  /** Null: Stripe's three. */
  readonly reasons: readonly Reason[] | null;
  /** Null: as the desk has it, 24 and 72 hours. */
  readonly reminders: { readonly afterHours: string; readonly escalateAfterHours: string } | null;
}

export const noConditions: ConditionsDraft = {
  amount: null,
  currency: null,
  ageInDays: null,
  product: null,
  earlierRefunds: null,
  reason: null,
  requester: null,
  dispute: null,
};

export const emptyRange: RangeDraft = { above: "", atMost: "" };

/** What a condition starts with when it is added. */
export const newConditions: { readonly [Name in ConditionName]: NonNullable<ConditionsDraft[Name]> } = {
  amount: [{ currency: "eur", above: "", atMost: "" }],
  currency: "eur",
  ageInDays: emptyRange,
  product: "",
  earlierRefunds: { withinDays: "30", count: emptyRange, amount: [] },
  reason: [],
  requester: [],
  dispute: [],
};

export const newRule = (key: number): RuleDraft => ({
  key,
  name: "",
  when: noConditions,
  verdict: "ask",
  approvers: "1",
  role: "approver",
  reason: "",
});

export const newBudget = (key: number): BudgetDraft => ({
  key,
  per: "app",
  period: "day",
  amount: "",
  currency: "eur",
});

export type { Policy };
