import { formatMoney } from "@redress/core/money";
import { counted } from "../terminal.ts";
import { type Bulk, printable, type Tally } from "./shapes.ts";

const ended = new Set(["finished", "canceled", "rejected", "withdrawn", "expired"]);
const onTheirWay = new Set(["requested", "approved", "executing"]);

/** The list in one line. */
export function headOf({ id, requestedAt, app, itemCount, status, pausedCode }: Bulk): string {
  const why = pausedCode === null ? "" : ` (${pausedCode})`;
  return `${id}  ${requestedAt.slice(0, 16)}Z  ${app.slug}  ${counted(itemCount, "line")}  ${status}${why}`;
}

/** The list, and what became of its lines and refunds. */
export function linesOf(bulk: Bulk): string[] {
  const { lines, reasons, refunds, approversNeeded, status } = bulk;
  const codes = reasons.map(({ code, count }) => `${printable(code)} ${count}`).join(", ");
  return [
    headOf(bulk),
    ...(status === "awaiting_approval"
      ? [`waits for ${approversNeeded === 1 ? "a person" : `${approversNeeded} people`} to approve it`]
      : []),
    ...Object.entries(lines)
      .filter(([, { count }]) => count > 0)
      .map(([name, tally]) => `  lines ${name}: ${tallyOf(tally)}`),
    ...(codes === "" ? [] : [`  because: ${codes}`]),
    ...refunds.map((tally) => `  refunds ${tally.status}: ${tallyOf(tally)}`),
  ];
}

function tallyOf({ count, amounts }: Tally): string {
  const money = amounts.map((one) => formatMoney(one)).join(", ");
  return `${count.toLocaleString("en")}${money === "" ? "" : ` (${money})`}`;
}

/** How far the present part of its way is, and what that part is. */
export function shareOf({ status, itemCount, lines }: Bulk): { share: number; facts: string } {
  const of = (name: string) => lines[name]?.count ?? 0;
  if (status === "preparing") {
    const judged = itemCount - of("listed");
    return { share: judged / Math.max(1, itemCount), facts: `judged ${counted(judged, "line")}` };
  }
  const done = of("requested") + of("dropped") + of("canceled");
  return {
    share: done / Math.max(1, done + of("ready")),
    facts: `${status}, asked for ${counted(of("requested"), "refund")}`,
  };
}

/** Nothing of it will change any more but what Stripe takes days for. */
export function isOver({ status, refunds }: Bulk): boolean {
  return ended.has(status) && !refunds.some((one) => onTheirWay.has(one.status));
}

/** It ended, and nothing was returned by it. */
export function isInVain({ status, lines }: Bulk): boolean {
  const isNothing = status === "finished" && (lines.requested?.count ?? 0) === 0;
  return isNothing || ["rejected", "expired", "canceled"].includes(status);
}
