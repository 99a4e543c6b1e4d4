"use client";

import { reasonsOf } from "@redress/core/policy/reasons";
import { Plus } from "lucide-react";
import { labelsOf } from "../refunds/reasons.ts";
import { Button } from "../ui/button.tsx";
import { Input } from "../ui/field.tsx";
import { BudgetRows } from "./budget-rows.tsx";
import { allWithin, type Problems } from "./draft-problems.ts";
import { newRule, type PolicyDraft, type RuleDraft } from "./policy-draft.ts";
import { ProblemLines } from "./problem-lines.tsx";
import { ReasonRows } from "./reason-rows.tsx";
import { RuleCard } from "./rule-card.tsx";

/** A draft as cards: its rules in the order in which they are asked, its budgets, and when people are reminded. */
export function PolicyCards({
  draft,
  problems,
  onChange,
}: {
  draft: PolicyDraft;
  problems: Problems;
  onChange: (draft: PolicyDraft) => void;
}) {
  const { rules } = draft;
  const reasons = labelsOf(draft.reasons ?? reasonsOf({}));
  const setRules = (changed: readonly RuleDraft[]) => onChange({ ...draft, rules: changed });
  const nextKey = 1 + Math.max(-1, ...rules.map(({ key }) => key));
  return (
    <div className="grid gap-4 noscript:hidden">
      <ol className="grid gap-3">
        {rules.map((rule, index) => (
          <RuleCard
            key={rule.key}
            rule={rule}
            index={index}
            isLast={index === rules.length - 1}
            reasons={reasons}
            problems={problems}
            onChange={(changed) => setRules(rules.map((one) => (one.key === rule.key ? changed : one)))}
            onMove={(by) => setRules(moved(rules, index, by))}
            onRemove={() => setRules(rules.filter(({ key }) => key !== rule.key))}
          />
        ))}
      </ol>
      <Button
        type="button"
        size="small"
        className="justify-self-start"
        onClick={() => setRules([...rules, newRule(nextKey)])}
      >
        <Plus aria-hidden /> Rule
      </Button>
      <p className="text-sm text-ink-soft">
        What no rule takes is asked of an approver, and never allowed by itself.
      </p>
      <fieldset className="grid gap-2">
        <legend className="mb-1 text-sm font-medium">Budgets for what needs no person</legend>
        <BudgetRows
          budgets={draft.budgets}
          problems={problems}
          onChange={(budgets) => onChange({ ...draft, budgets })}
        />
      </fieldset>
      <ReasonRows
        reasons={draft.reasons}
        problems={problems}
        onChange={(changed) => onChange({ ...draft, reasons: changed })}
      />
      <Reminders draft={draft} problems={problems} onChange={onChange} />
    </div>
  );
}

function moved(rules: readonly RuleDraft[], index: number, by: -1 | 1): readonly RuleDraft[] {
  const rule = rules[index];
  if (rule === undefined) return rules;
  return rules.toSpliced(index, 1).toSpliced(index + by, 0, rule);
}

function Reminders({
  draft,
  problems,
  onChange,
}: {
  draft: PolicyDraft;
  problems: Problems;
  onChange: (draft: PolicyDraft) => void;
}) {
  const { reminders } = draft;
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-medium">Reminders</legend>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={reminders !== null}
          onChange={({ target }) =>
            onChange({
              ...draft,
              reminders: target.checked ? { afterHours: "24", escalateAfterHours: "72" } : null,
            })
          }
          className="size-4 accent-accent"
        />
        At other times than after 24 and 72 hours
      </label>
      {reminders && (
        <span className="flex flex-wrap items-center gap-2 text-sm">
          Remind approvers after
          <Input
            aria-label="Remind after hours"
            value={reminders.afterHours}
            inputMode="numeric"
            className="h-8 w-20 text-sm"
            onChange={({ target }) =>
              onChange({ ...draft, reminders: { ...reminders, afterHours: target.value } })
            }
          />
          hours, and tell administrators after
          <Input
            aria-label="Escalate after hours"
            value={reminders.escalateAfterHours}
            inputMode="numeric"
            className="h-8 w-20 text-sm"
            onChange={({ target }) =>
              onChange({ ...draft, reminders: { ...reminders, escalateAfterHours: target.value } })
            }
          />
          hours
        </span>
      )}
      <ProblemLines lines={allWithin(problems, "reminders")} />
    </fieldset>
  );
}
