import type { RefundSummary } from "@redress/core/refunds/refund-view";
import { LockKeyhole, LockKeyholeOpen } from "lucide-react";

function look({ accessStatus, status }: Pick<RefundSummary, "accessStatus" | "status">) {
  if (accessStatus === "none") return null;
  if (accessStatus === "told") return { label: "Access not changed yet", tone: "text-waiting" };
  if (accessStatus === "declined") return { label: "Access change declined", tone: "text-bad" };
  if (accessStatus === "failed") return { label: "App not reached", tone: "text-bad" };
  // A success takes access away; a success that failed later gives it back.
  return status === "failed"
    ? { label: "Access given back", tone: "text-ink-faint", icon: LockKeyholeOpen }
    : { label: "Access revoked", tone: "text-ink-faint" };
}

/** What became of the customer's access; nothing where nothing had to. */
export function AccessMark({ refund }: { refund: Pick<RefundSummary, "accessStatus" | "status"> }) {
  const found = look(refund);
  if (!found) return null;
  const { label, tone, icon: Icon = LockKeyhole } = found;
  return (
    <span className={`ml-2 inline-flex items-center gap-1 text-xs whitespace-nowrap ${tone}`}>
      <Icon aria-hidden className="size-3.5" />
      {label}
    </span>
  );
}
