"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { Input, Textarea } from "../ui/field.tsx";
import type { ConditionName, ConditionsDraft, HistoryDraft } from "./policy-draft.ts";
import { ProblemLines } from "./problem-lines.tsx";
import { MoneyRangeFields, RangeFields } from "./range-fields.tsx";

/** What a rule can look at, for people. */
export const conditionNames: Readonly<Record<ConditionName, string>> = {
  amount: "Amount",
  ageInDays: "Age of the purchase",
  product: "Product",
  earlierRefunds: "Earlier refunds of the customer",
  reason: "Reason",
  requester: "Who asks",
  currency: "Currency",
  dispute: "Dispute",
};

const requesters = { person: "a person", agent: "an agent" };
const disputes = { none: "none", open: "open", won: "won", lost: "lost" };

/** One condition, with the fields that it needs. */
export function ConditionFields<Name extends ConditionName>(props: {
  name: Name;
  when: ConditionsDraft;
  /** What the desk calls the reasons. */
  reasons: Readonly<Record<string, string>>;
  problems: readonly string[];
  onChange: (when: ConditionsDraft) => void;
}) {
  const { name, when, problems, onChange } = props;
  return (
    <fieldset className="rounded-md border border-line bg-canvas px-3 pt-1 pb-3">
      <legend className="flex items-center gap-1 text-xs font-medium text-ink-soft">
        {conditionNames[name]}
        <Button
          type="button"
          look="quiet"
          size="small"
          aria-label={`Remove the condition ${conditionNames[name]}`}
          onClick={() => onChange({ ...when, [name]: null })}
        >
          <X aria-hidden />
        </Button>
      </legend>
      <div className="grid gap-2">
        {fieldsOf(props)}
        <ProblemLines lines={problems} />
      </div>
    </fieldset>
  );
}

function fieldsOf({
  name,
  when,
  reasons,
  onChange,
}: {
  name: ConditionName;
  when: ConditionsDraft;
  reasons: Readonly<Record<string, string>>;
  onChange: (when: ConditionsDraft) => void;
}): ReactNode {
  const set = (change: Partial<ConditionsDraft>) => onChange({ ...when, ...change });
  switch (name) {
    case "amount":
      return <MoneyRangeFields value={when.amount ?? []} onChange={(amount) => set({ amount })} />;
    case "ageInDays":
      return when.ageInDays ? (
        <RangeFields value={when.ageInDays} unit="days" onChange={(ageInDays) => set({ ageInDays })} />
      ) : null;
    case "currency":
      return (
        <Input
          aria-label="Currencies"
          placeholder="eur, usd"
          value={when.currency ?? ""}
          className="h-8 text-sm"
          onChange={({ target }) => set({ currency: target.value })}
        />
      );
    case "product":
      return (
        <Textarea
          aria-label="Products, one a line"
          placeholder="One a line, exactly as purchases name it"
          value={when.product ?? ""}
          className="text-sm"
          onChange={({ target }) => set({ product: target.value })}
        />
      );
    case "earlierRefunds":
      return when.earlierRefunds ? (
        <HistoryFields value={when.earlierRefunds} onChange={(earlierRefunds) => set({ earlierRefunds })} />
      ) : null;
    case "reason":
      return <Choices names={reasons} chosen={when.reason ?? []} onChange={(reason) => set({ reason })} />;
    case "requester":
      return (
        <Choices
          names={requesters}
          chosen={when.requester ?? []}
          onChange={(requester) => set({ requester })}
        />
      );
    case "dispute":
      return (
        <Choices names={disputes} chosen={when.dispute ?? []} onChange={(dispute) => set({ dispute })} />
      );
  }
}

function HistoryFields({
  value,
  onChange,
}: {
  value: HistoryDraft;
  onChange: (value: HistoryDraft) => void;
}) {
  return (
    <>
      <span className="flex flex-wrap items-center gap-2 text-sm">
        in the
        <Input
          aria-label="Within days"
          value={value.withinDays}
          inputMode="numeric"
          className="h-8 w-20 text-sm"
          onChange={({ target }) => onChange({ ...value, withinDays: target.value })}
        />
        days before:
      </span>
      <RangeFields value={value.count} unit="refunds" onChange={(count) => onChange({ ...value, count })} />
      <MoneyRangeFields value={value.amount} onChange={(amount) => onChange({ ...value, amount })} />
    </>
  );
}

function Choices({
  names,
  chosen,
  onChange,
}: {
  names: Readonly<Record<string, string>>;
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  return (
    <div className="flex flex-wrap gap-x-5 gap-y-1.5 text-sm">
      {Object.entries(names).map(([value, label]) => (
        <label key={value} className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
            }
            className="size-4 accent-accent"
          />
          {label}
        </label>
      ))}
    </div>
  );
}
