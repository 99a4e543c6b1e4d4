"use client";

import { Plus, X } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Input } from "../ui/field.tsx";
import { emptyRange, type MoneyRangeDraft, type RangeDraft } from "./policy-draft.ts";

/** "more than … and at most …"; either may stay empty. */
export function RangeFields({
  value,
  unit,
  onChange,
}: {
  value: RangeDraft;
  unit: string;
  onChange: (value: RangeDraft) => void;
}) {
  return (
    <span className="flex flex-wrap items-center gap-2 text-sm">
      more than
      <Input
        aria-label={`More than, ${unit}`}
        value={value.above}
        inputMode="decimal"
        className="h-8 w-24 text-sm"
        onChange={({ target }) => onChange({ ...value, above: target.value })}
      />
      and at most
      <Input
        aria-label={`At most, ${unit}`}
        value={value.atMost}
        inputMode="decimal"
        className="h-8 w-24 text-sm"
        onChange={({ target }) => onChange({ ...value, atMost: target.value })}
      />
      {unit}
    </span>
  );
}

/** One range for each currency. */
export function MoneyRangeFields({
  value,
  onChange,
}: {
  value: readonly MoneyRangeDraft[];
  onChange: (value: readonly MoneyRangeDraft[]) => void;
}) {
  const set = (index: number, changed: MoneyRangeDraft) =>
    onChange(value.map((range, at) => (at === index ? changed : range)));
  return (
    <div className="grid gap-2">
      {value.map((range, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: ranges have nothing but their place, and all is kept above.
        <div key={index} className="flex flex-wrap items-center gap-2">
          <Input
            aria-label="Currency"
            value={range.currency}
            maxLength={3}
            className="h-8 w-16 text-sm"
            onChange={({ target }) => set(index, { ...range, currency: target.value })}
          />
          <RangeFields
            value={range}
            unit={range.currency.toUpperCase()}
            onChange={(limits) => set(index, { ...range, ...limits })}
          />
          <Button
            type="button"
            look="quiet"
            size="small"
            aria-label={`Remove ${range.currency}`}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          >
            <X aria-hidden />
          </Button>
        </div>
      ))}
      <Button
        type="button"
        look="quiet"
        size="small"
        className="justify-self-start"
        onClick={() => onChange([...value, { currency: "", ...emptyRange }])}
      >
        <Plus aria-hidden /> Currency
      </Button>
    </div>
  );
}
