"use client";

import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Input, Select } from "../ui/field.tsx";
import { ConditionFields, conditionNames } from "./condition-fields.tsx";
import { allWithin, type Problems } from "./draft-problems.ts";
import { type ConditionName, newConditions, type RuleDraft } from "./policy-draft.ts";
import { ProblemLines } from "./problem-lines.tsx";
import { VerdictFields } from "./verdict-fields.tsx";

interface RuleCardProps {
  rule: RuleDraft;
  index: number;
  isLast: boolean;
  reasons: Readonly<Record<string, string>>;
  problems: Problems;
  onChange: (rule: RuleDraft) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One rule of a draft: when it holds, and what follows then. */
export function RuleCard(props: RuleCardProps) {
  const { rule, index, reasons, problems, onChange } = props;
  const place = `rules.${index}`;
  const isNew = Object.values(rule.when).every((condition) => condition === null);
  const names = Object.keys(conditionNames).filter(isConditionName);
  const own = problems.get(place);
  return (
    <li className="grid gap-3 rounded-lg border border-line bg-surface p-3 shadow-(--shadow)">
      <CardHead {...props} />
      <ProblemLines lines={own === undefined ? [] : [own]} />
      {isNew && <p className="text-sm text-ink-soft">Every request that comes this far.</p>}
      {names
        .filter((name) => rule.when[name] !== null)
        .map((name) => (
          <ConditionFields
            key={name}
            name={name}
            when={rule.when}
            reasons={reasons}
            problems={allWithin(problems, `${place}.when.${name}`)}
            onChange={(when) => onChange({ ...rule, when })}
          />
        ))}
      <ConditionChoice
        names={names.filter((name) => rule.when[name] === null)}
        number={index + 1}
        onChoose={(name) => onChange({ ...rule, when: { ...rule.when, [name]: newConditions[name] } })}
      />
      <VerdictFields rule={rule} number={index + 1} onChange={onChange} />
      <ProblemLines
        lines={["name", "verdict", "approvers", "role", "reason"].flatMap((field) =>
          allWithin(problems, `${place}.${field}`),
        )}
      />
    </li>
  );
}

const isConditionName = (name: string): name is ConditionName => name in conditionNames;

function CardHead({ rule, index, isLast, onChange, onMove, onRemove }: RuleCardProps) {
  const number = index + 1;
  return (
    <div className="flex items-center gap-2">
      <span className="numeric grid size-6 shrink-0 place-items-center rounded-full bg-quiet-tint text-xs font-semibold text-quiet">
        {number}
      </span>
      <Input
        aria-label={`Name of rule ${number}`}
        placeholder="Name, optional"
        value={rule.name}
        maxLength={100}
        className="h-8 min-w-0 flex-1 text-sm"
        onChange={({ target }) => onChange({ ...rule, name: target.value })}
      />
      <Button
        type="button"
        look="quiet"
        size="small"
        disabled={index === 0}
        aria-label={`Move rule ${number} up`}
        onClick={() => onMove(-1)}
      >
        <ArrowUp aria-hidden />
      </Button>
      <Button
        type="button"
        look="quiet"
        size="small"
        disabled={isLast}
        aria-label={`Move rule ${number} down`}
        onClick={() => onMove(1)}
      >
        <ArrowDown aria-hidden />
      </Button>
      <Button type="button" look="quiet" size="small" aria-label={`Remove rule ${number}`} onClick={onRemove}>
        <Trash2 aria-hidden />
      </Button>
    </div>
  );
}

function ConditionChoice({
  names,
  number,
  onChoose,
}: {
  names: readonly ConditionName[];
  number: number;
  onChoose: (name: ConditionName) => void;
}) {
  if (names.length === 0) return null;
  return (
    <Select
      aria-label={`Add a condition to rule ${number}`}
      value=""
      className="h-8 w-auto justify-self-start text-sm text-ink-soft"
      onChange={({ target }) => {
        if (isConditionName(target.value)) onChoose(target.value);
      }}
    >
      <option value="">Add a condition …</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {conditionNames[name]}
        </option>
      ))}
    </Select>
  );
}
