import type { RefundSummary } from "@redress/core/refunds/refund-view";
import { lookOf } from "./status.ts";

export const toneClasses = {
  good: "bg-good-tint text-good",
  waiting: "bg-waiting-tint text-waiting",
  bad: "bg-bad-tint text-bad",
  moving: "bg-moving-tint text-moving",
  quiet: "bg-quiet-tint text-quiet",
} as const;

/** A refund's status: a shape, a colour and a word. */
export function StatusMark({
  refund,
}: {
  refund: Pick<RefundSummary, "status" | "outcomeUnknown" | "nextAttemptAt">;
}) {
  const { label, tone, icon: Icon } = lookOf(refund);
  return (
    <span
      data-status={refund.status}
      className={`inline-flex h-6 items-center gap-1.5 rounded-full pr-2.5 pl-1.5 text-xs font-medium whitespace-nowrap ${toneClasses[tone]}`}
    >
      <Icon aria-hidden className="size-3.5" />
      {label}
    </span>
  );
}
