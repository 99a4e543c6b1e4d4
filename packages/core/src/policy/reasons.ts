import { RedressError } from "../errors.ts";
import type { Policy, Reason } from "./policy-document.ts";

/** Stripe's own, where a policy names none. */
const usualReasons: readonly Reason[] = [
  { code: "requested_by_customer", label: "Requested by the customer", stripe: "requested_by_customer" },
  { code: "duplicate", label: "Charged twice", stripe: "duplicate" },
  { code: "fraudulent", label: "Fraudulent", stripe: "fraudulent" },
];

/** The reasons that can be given for a refund, in the order in which they are offered. */
export function reasonsOf({ reasons }: Pick<Policy, "reasons">): readonly Reason[] {
  return reasons ?? usualReasons;
}

/**
 * @param code what was given; omitted, it is the customer's wish, or else the first of the list
 * @throws RedressError `reason_unknown`, naming those that there are
 */
export function chooseReason(policy: Pick<Policy, "reasons">, code: string | undefined): Reason {
  const reasons = reasonsOf(policy);
  const chosen = reasons.find((reason) => reason.code === (code ?? "requested_by_customer"));
  const usual = code === undefined ? reasons[0] : undefined;
  const reason = chosen ?? usual;
  if (reason !== undefined) return reason;
  const codes = reasons.map((one) => one.code);
  throw new RedressError(
    "reason_unknown",
    `This app has no reason "${code}". Give one of these: ${codes.join(", ")}.`,
    { details: { reasons: codes } },
  );
}

/** The app's own reason that tells Stripe of fraud; undefined where it has none. */
export function reasonOfFraud(policy: Pick<Policy, "reasons">): string | undefined {
  return reasonsOf(policy).find(({ stripe }) => stripe === "fraudulent")?.code;
}
