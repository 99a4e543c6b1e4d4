import type { RefundRow } from "../refunds/refund-row.ts";

/** How many more persons have to approve; 0 once nothing waits. The last one is always still to come. */
export function approvalsMissing(
  refund: Pick<RefundRow, "status" | "approversNeeded">,
  endorsed: number,
): number {
  return refund.status === "awaiting_approval" ? Math.max(1, refund.approversNeeded - endorsed) : 0;
}
