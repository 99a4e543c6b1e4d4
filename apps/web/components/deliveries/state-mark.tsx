import type { DeliveryState } from "@redress/core/notifications/list-deliveries";
import { CircleCheck, CircleDashed, CircleMinus, CircleX, ClockFading, OctagonX, Send } from "lucide-react";
import { Mark } from "../mark.tsx";

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
  return <Mark label={label} tone={tone} icon={Icon} />;
}
