import type { Settings } from "../dependencies.ts";
import { isOpenStatus } from "../refunds/open-statuses.ts";
import type { RefundSummary } from "../refunds/refund-view.ts";

/** Where a program asks what became of a refund, as long as it may still change soon. */
export function statusUrlOf(
  { publicUrl }: Pick<Settings, "publicUrl">,
  { id, status }: Pick<RefundSummary, "id" | "status">,
): { statusUrl?: string } {
  return isOpenStatus(status) ? { statusUrl: `${publicUrl}/api/v1/refunds/${id}` } : {};
}
