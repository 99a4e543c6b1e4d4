import type { DeliverySummary } from "@redress/core/notifications/list-deliveries";

/** What a message asks of the app. */
export function messageName({ type, access }: Pick<DeliverySummary, "type" | "access">): string {
  if (type === "ping") return "Ping";
  if (access === "revoke") return "Revoke access";
  if (access === "restore") return "Give access back";
  return type === "refund.failed" ? "A refund failed" : "A refund succeeded";
}

/** What the last attempt brought. */
export function outcomeName(attempt: { httpStatus: number | null; errorCode: string | null } | null): string {
  if (attempt === null) return "not sent yet";
  if (attempt.httpStatus !== null) return `answered ${attempt.httpStatus}`;
  return attempt.errorCode === null ? "under way" : attempt.errorCode.replaceAll("_", " ");
}
