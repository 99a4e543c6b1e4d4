import type { PurchaseSummary } from "@redress/core/purchases/purchase-view";
import { CircleCheck, CircleDashed, CircleSlash2, ShieldAlert } from "lucide-react";
import { Mark } from "../mark.tsx";

function look(purchase: PurchaseSummary) {
  const { amountCaptured, amountLeft, amountRefunded, disputeStatus } = purchase;
  if (disputeStatus && !["won", "lost", "warning_closed", "prevented"].includes(disputeStatus)) {
    return { label: "Disputed", tone: "bad", icon: ShieldAlert } as const;
  }
  if (amountRefunded > 0 && amountRefunded >= amountCaptured) {
    return { label: "Refunded", tone: "good", icon: CircleCheck } as const;
  }
  if (amountRefunded > 0) return { label: "Partly refunded", tone: "good", icon: CircleSlash2 } as const;
  if (amountLeft < amountCaptured) {
    return { label: "Refund open", tone: "moving", icon: CircleDashed } as const;
  }
  return null;
}

/** What sets a purchase apart; nothing for the ordinary paid one. */
export function PurchaseState({ purchase }: { purchase: PurchaseSummary }) {
  const found = look(purchase);
  if (!found) return null;
  const { label, tone, icon: Icon } = found;
  return <Mark label={label} tone={tone} icon={Icon} />;
}
