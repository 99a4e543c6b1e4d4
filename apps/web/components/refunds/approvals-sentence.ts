import { approvalsMissing } from "@redress/core/approvals/approvals-missing";
import type { RefundDetail } from "@redress/core/refunds/refund-view";

/** Of a request that needs more than one approval. */
export interface ApprovalsSoFar {
  readonly by: readonly string[];
  readonly needed: number;
  readonly missing: number;
}

/** Null where one approval is enough, or nothing waits. */
export function approvalsSoFar(
  refund: Pick<RefundDetail, "status" | "approversNeeded" | "endorsements">,
): ApprovalsSoFar | null {
  if (refund.status !== "awaiting_approval" || refund.approversNeeded === 1) return null;
  const by = refund.endorsements.map(({ by: { name, id } }) => name ?? id);
  return { by, needed: refund.approversNeeded, missing: approvalsMissing(refund, by.length) };
}

const counts = ["none", "one", "two", "three"];

/** "1 of 2 approved, by Ben; one more needed." */
export function approvalsSentence({ by, needed, missing }: ApprovalsSoFar): string {
  const names = by.length === 0 ? "" : `, by ${by.join(" and ")}`;
  return `${by.length} of ${needed} approved${names}; ${counts[missing] ?? missing} more needed.`;
}
