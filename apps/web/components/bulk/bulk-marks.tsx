import type { Tally } from "@redress/core/bulk/bulk-view";
import type { BulkItemStatus, BulkRefundStatus } from "@redress/database";
import { Mark } from "../mark.tsx";
import { Money } from "../money.tsx";
import { bulkLooks, lineLooks } from "./bulk-looks.ts";

export function BulkMark({ status }: { status: BulkRefundStatus }) {
  return <Mark {...bulkLooks[status]} />;
}

export function LineMark({ status }: { status: BulkItemStatus }) {
  return <Mark {...lineLooks[status]} />;
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
