import { CircleCheck, CircleDashed, CircleMinus, OctagonX } from "lucide-react";

/** How far an event of Stripe has come. */
export const eventLooks = {
  received: { label: "Being handled", tone: "moving", icon: CircleDashed },
  handled: { label: "Handled", tone: "good", icon: CircleCheck },
  ignored: { label: "Ignored", tone: "quiet", icon: CircleMinus },
  failed: { label: "Failed", tone: "bad", icon: OctagonX },
} as const;
