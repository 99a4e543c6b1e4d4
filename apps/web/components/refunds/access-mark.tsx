import type { RefundSummary } from "@redress/core/refunds/refund-view";
import { LockKeyhole } from "lucide-react";

const looks = {
  none: null,
  done: null,
  told: { label: "Access not changed yet", tone: "text-waiting" },
  declined: { label: "Access change declined", tone: "text-bad" },
  failed: { label: "App not reached", tone: "text-bad" },
} as const;

/** What is still open about the customer's access; nothing when nothing is. */
export function AccessMark({ access }: { access: RefundSummary["accessStatus"] }) {
  const look = looks[access];
  if (!look) return null;
  return (
    <span className={`ml-2 inline-flex items-center gap-1 text-xs whitespace-nowrap ${look.tone}`}>
      <LockKeyhole aria-hidden className="size-3.5" />
      {look.label}
    </span>
  );
}
