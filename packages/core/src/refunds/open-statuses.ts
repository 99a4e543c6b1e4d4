import type { RefundStatus } from "@redress/database";

/** Not decided yet, or not settled: what was asked for is still under way. */
export const openStatuses = [
  "requested",
  "awaiting_approval",
  "approved",
  "executing",
  "blocked",
  "pending",
  "requires_action",
] as const satisfies readonly RefundStatus[];

export function isOpenStatus(status: RefundStatus): boolean {
  return openStatuses.some((open) => open === status);
}
