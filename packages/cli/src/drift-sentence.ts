import { describeDifference, describeRepair } from "@redress/core/reconciliation/describe-drift";
import type { DriftRow } from "@redress/core/reconciliation/record-drift";

/** One drift in a line: what differed, which side was right, what was done. */
export function driftSentence(drift: DriftRow): string {
  const ours = drift.refundId === null ? "" : ` (${drift.refundId})`;
  return `${drift.subjectId}${ours}: ${describeDifference(drift)} ${describeRepair(drift)}`;
}
