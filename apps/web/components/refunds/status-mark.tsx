import type { RefundSummary } from "@redress/core/refunds/refund-view";
import { Mark } from "../mark.tsx";
import { lookOf } from "./status.ts";

/** A refund's status: a shape, a colour and a word. */
export function StatusMark({
  refund,
}: {
  refund: Pick<RefundSummary, "status" | "outcomeUnknown" | "nextAttemptAt">;
}) {
  const { label, tone, icon: Icon } = lookOf(refund);
  return <Mark label={label} tone={tone} icon={Icon} data-status={refund.status} />;
}
