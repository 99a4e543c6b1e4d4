import type { BulkLine } from "@redress/core/bulk/list-items";
import Link from "../link.tsx";
import { Money } from "../money.tsx";
import { StatusMark } from "../refunds/status-mark.tsx";
import { Cell, HeadCell, Table } from "../ui/table.tsx";
import { LineMark } from "./bulk-marks.tsx";

/** The lines of a list, with what became of each. */
export function LineTable({ lines }: { lines: readonly BulkLine[] }) {
  return (
    <Table>
      <thead>
        <tr>
          <HeadCell className="text-right">Line</HeadCell>
          <HeadCell>Purchase</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell className="text-right">Amount</HeadCell>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.position} className="border-b border-line last:border-0">
            <Cell className="numeric text-right text-ink-faint">{line.position}</Cell>
            <Cell className="max-w-72">
              {line.purchaseId === null ? (
                <span className="break-all">{line.handle}</span>
              ) : (
                <Link
                  href={`/purchases/${line.purchaseId}`}
                  className="font-medium break-all hover:underline"
                >
                  {line.customerEmail ?? line.handle}
                </Link>
              )}
              <span className="block truncate text-xs text-ink-faint empty:hidden">
                {[line.productName, line.orderNumber].filter(Boolean).join(" · ")}
              </span>
            </Cell>
            <Cell className="max-w-96">
              <State line={line} />
            </Cell>
            <Cell className="text-right">
              {line.amount !== null && line.currency !== null ? (
                <Money amount={line.amount} currency={line.currency} />
              ) : (
                "—"
              )}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function State({ line }: { line: BulkLine }) {
  if (line.refundId !== null && line.refundStatus !== null) {
    const refund = { status: line.refundStatus, outcomeUnknown: false, nextAttemptAt: null };
    return (
      <Link href={`/refunds/${line.refundId}`}>
        <StatusMark refund={refund} />
      </Link>
    );
  }
  return (
    <>
      <LineMark status={line.status} />
      {line.explanation !== null && (
        <span className="mt-0.5 block text-xs text-ink-soft">{line.explanation}</span>
      )}
    </>
  );
}
