import type { Tally } from "@redress/core/bulk/bulk-view";
import type { BulkItemStatus, BulkRefundStatus } from "@redress/database";
import { Money } from "../money.tsx";
import { toneClasses } from "../refunds/status-mark.tsx";
import { bulkLooks, lineLooks } from "./bulk-looks.ts";

export function BulkMark({ status }: { status: BulkRefundStatus }) {
  return <Mark {...bulkLooks[status]} />;
}

export function LineMark({ status }: { status: BulkItemStatus }) {
  return <Mark {...lineLooks[status]} />;
}

function Mark({ label, tone, icon: Icon }: (typeof bulkLooks)[BulkRefundStatus]) {
  return (
    <span
      className={`inline-flex h-6 items-center gap-1.5 rounded-full pr-2.5 pl-1.5 text-xs font-medium whitespace-nowrap ${toneClasses[tone]}`}
    >
      <Icon aria-hidden className="size-3.5" />
      {label}
    </span>
  );
}

/** Amounts of several currencies side by side: they are never added. */
export function Amounts({ tally }: { tally: Tally }) {
  if (tally.amounts.length === 0) return <>—</>;
  return (
    <span className="inline-flex flex-wrap gap-x-2">
      {tally.amounts.map(({ amount, currency }) => (
        <Money key={currency} amount={amount} currency={currency} className="font-medium" />
      ))}
    </span>
  );
}
