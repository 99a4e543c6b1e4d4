"use client";

import type { Reason } from "@redress/core/policy/policy-document";
import { reasonsOf } from "@redress/core/policy/reasons";
import { Plus, X } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Input, Select } from "../ui/field.tsx";
import { allWithin, type Problems } from "./draft-problems.ts";
import { ProblemLines } from "./problem-lines.tsx";

const stripeNames = {
  requested_by_customer: "requested by customer",
  duplicate: "duplicate",
  fraudulent: "fraudulent: also blocks the card and the address",
} as const;
const isStripes = (value: string): value is keyof typeof stripeNames => value in stripeNames;

/** The reasons that can be given for a refund, and what Stripe is told for each. Null: Stripe's three. */
export function ReasonRows({
  reasons,
  problems,
  onChange,
}: {
  reasons: readonly Reason[] | null;
  problems: Problems;
  onChange: (reasons: readonly Reason[] | null) => void;
}) {
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-medium">Reasons</legend>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={reasons !== null}
          onChange={({ target }) => onChange(target.checked ? reasonsOf({}) : null)}
          className="size-4 accent-accent"
        />
        Others than Stripe’s three
      </label>
      {reasons?.map((reason, index) => (
        <ReasonRow
          // Rows are neither moved nor told apart by what is typed into them.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          key={index}
          reason={reason}
          onChange={(changed) => onChange(reasons.with(index, changed))}
          onRemove={() => onChange(reasons.toSpliced(index, 1))}
        />
      ))}
      {reasons && (
        <Button
          type="button"
          size="small"
          className="justify-self-start"
          onClick={() => onChange([...reasons, { code: "", label: "", stripe: null }])}
        >
          <Plus aria-hidden /> Reason
        </Button>
      )}
      <ProblemLines lines={allWithin(problems, "reasons")} />
    </fieldset>
  );
}

function ReasonRow({
  reason,
  onChange,
  onRemove,
}: {
  reason: Reason;
  onChange: (reason: Reason) => void;
  onRemove: () => void;
}) {
  return (
    <span className="grid items-center gap-2 sm:grid-cols-[12rem_minmax(0,1fr)_minmax(0,1fr)_auto]">
      <Input
        aria-label="Code, for agents and rules"
        placeholder="arrived_late"
        value={reason.code}
        className="h-8 font-mono text-sm"
        onChange={({ target }) => onChange({ ...reason, code: target.value })}
      />
      <Input
        aria-label="Label, for people"
        placeholder="Arrived late"
        value={reason.label}
        className="h-8 text-sm"
        onChange={({ target }) => onChange({ ...reason, label: target.value })}
      />
      <Select
        aria-label="What Stripe is told"
        value={reason.stripe ?? "none"}
        className="h-8 text-sm"
        onChange={({ target }) =>
          onChange({ ...reason, stripe: isStripes(target.value) ? target.value : null })
        }
      >
        <option value="none">Stripe is told nothing</option>
        {Object.entries(stripeNames).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </Select>
      <Button type="button" size="small" aria-label={`Remove ${reason.label}`} onClick={onRemove}>
        <X aria-hidden />
      </Button>
    </span>
  );
}
