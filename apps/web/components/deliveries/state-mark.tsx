import type { DeliveryState } from "@redress/core/notifications/list-deliveries";
import { CircleCheck, CircleDashed, CircleMinus, CircleX, ClockFading, OctagonX, Send } from "lucide-react";
import { toneClasses } from "../refunds/status-mark.tsx";

/** One word, one colour and one shape for each state of a message to an app. */
export const deliveryLooks = {
  pending: { label: "Being sent", tone: "moving", icon: Send },
  received: { label: "Received, not done yet", tone: "waiting", icon: ClockFading },
  done: { label: "Done", tone: "good", icon: CircleCheck },
  declined: { label: "Declined", tone: "bad", icon: CircleX },
  dead: { label: "Not reached", tone: "bad", icon: OctagonX },
  overtaken: { label: "Overtaken", tone: "quiet", icon: CircleMinus },
  unaddressed: { label: "No address", tone: "waiting", icon: CircleDashed },
} as const satisfies Record<DeliveryState, object>;

export function DeliveryStateMark({ state }: { state: DeliveryState }) {
  const { label, tone, icon: Icon } = deliveryLooks[state];
  return (
    <span
      className={`inline-flex h-6 items-center gap-1.5 rounded-full pr-2.5 pl-1.5 text-xs font-medium whitespace-nowrap ${toneClasses[tone]}`}
    >
      <Icon aria-hidden className="size-3.5" />
      {label}
    </span>
  );
}
