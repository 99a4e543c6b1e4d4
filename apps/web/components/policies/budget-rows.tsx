"use client";

import { Plus, X } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Input, Select } from "../ui/field.tsx";
import { allWithin, type Problems } from "./draft-problems.ts";
import { type BudgetDraft, newBudget } from "./policy-draft.ts";
import { ProblemLines } from "./problem-lines.tsx";

const owners = { app: "the app", agent: "each agent", customer: "each customer" } as const;
const periods = { day: "a day", month: "a month" } as const;
const isOwner = (text: string): text is BudgetDraft["per"] => text in owners;
const isPeriod = (text: string): text is BudgetDraft["period"] => text in periods;

/** How much the rules let out without a person. */
export function BudgetRows({
  budgets,
  problems,
  onChange,
}: {
  budgets: readonly BudgetDraft[];
  problems: Problems;
  onChange: (budgets: readonly BudgetDraft[]) => void;
}) {
  const nextKey = 1 + Math.max(-1, ...budgets.map(({ key }) => key));
  return (
    <div className="grid gap-2">
      {budgets.map((budget, index) => (
        <div key={budget.key} className="grid gap-1">
          <BudgetRow
            budget={budget}
            number={index + 1}
            onChange={(changed) => onChange(budgets.map((one) => (one.key === budget.key ? changed : one)))}
            onRemove={() => onChange(budgets.filter(({ key }) => key !== budget.key))}
          />
          <ProblemLines lines={allWithin(problems, `budgets.${index}`)} />
        </div>
      ))}
      <Button
        type="button"
        look="quiet"
        size="small"
        className="justify-self-start"
        onClick={() => onChange([...budgets, newBudget(nextKey)])}
      >
        <Plus aria-hidden /> Budget
      </Button>
    </div>
  );
}

function BudgetRow({
  budget,
  number,
  onChange,
  onRemove,
}: {
  budget: BudgetDraft;
  number: number;
  onChange: (budget: BudgetDraft) => void;
  onRemove: () => void;
}) {
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm">
      At most
      <Input
        aria-label={`Amount of budget ${number}`}
        value={budget.amount}
        inputMode="decimal"
        className="h-8 w-28 text-sm"
        onChange={({ target }) => onChange({ ...budget, amount: target.value })}
      />
      <Input
        aria-label={`Currency of budget ${number}`}
        value={budget.currency}
        maxLength={3}
        className="h-8 w-16 text-sm"
        onChange={({ target }) => onChange({ ...budget, currency: target.value })}
      />
      <Select
        aria-label={`Period of budget ${number}`}
        value={budget.period}
        className="h-8 w-auto text-sm"
        onChange={({ target }) => {
          if (isPeriod(target.value)) onChange({ ...budget, period: target.value });
        }}
      >
        {Object.entries(periods).map(([period, label]) => (
          <option key={period} value={period}>
            {label}
          </option>
        ))}
      </Select>
      for
      <Select
        aria-label={`Whose budget ${number} is`}
        value={budget.per}
        className="h-8 w-auto text-sm"
        onChange={({ target }) => {
          if (isOwner(target.value)) onChange({ ...budget, per: target.value });
        }}
      >
        {Object.entries(owners).map(([per, label]) => (
          <option key={per} value={per}>
            {label}
          </option>
        ))}
      </Select>
      <Button
        type="button"
        look="quiet"
        size="small"
        aria-label={`Remove budget ${number}`}
        onClick={onRemove}
      >
        <X aria-hidden />
      </Button>
    </div>
  );
}
