import type { DriftRow } from "./record-drift.ts";

type Difference = Pick<DriftRow, "kind" | "here" | "atStripe">;
type Outcome = Pick<DriftRow, "rightSide" | "action">;

/** What differed, as the rest of a sentence about the thing. */
export function describeDifference({ kind, here, atStripe }: Difference): string {
  const status = (side: DriftRow["here"]) => String(side?.status ?? "unknown").replaceAll("_", " ");
  switch (kind) {
    case "refund_differs":
      return here?.status === atStripe?.status
        ? `${status(here)} on both sides, with other facts beside it.`
        : `${status(here)} here, ${status(atStripe)} at Stripe.`;
    case "refund_missing_here":
      return `${status(atStripe)} at Stripe, unknown here.`;
    case "refund_of_unknown_charge":
      return "a refund at Stripe of a charge that took no money, or that cannot be read.";
    case "refund_missing_at_stripe":
      return `${status(here)} here, and Stripe does not know it.`;
    case "event_missing":
      return `${String(atStripe?.type)} at Stripe, no webhook told.`;
    case "refund_not_compared":
      return "not compared, since the desk itself failed at it each time: its log has the error.";
    case "effect_missing":
      return `${String(here?.status ?? "due")} here, and its work had no effect.`;
  }
}

/** Which side was right, and what was done. */
export function describeRepair({ rightSide, action }: Outcome): string {
  const done = {
    settled: "our row was settled.",
    taken_in: "it was taken in.",
    pulled: "it was pulled into the inbox.",
    sent_again: "It was sent again.",
    none: "nothing was changed.",
  }[action];
  if (rightSide === "undecided") return "A person has to look: nothing was changed.";
  return rightSide === "stripe" ? `Stripe is right; ${done}` : done;
}
