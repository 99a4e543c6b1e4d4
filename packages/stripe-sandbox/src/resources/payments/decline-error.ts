import { SandboxError } from "../../errors.ts";
import type { Charge } from "./charge.ts";

/**
 * 402 `card_error` for a declined charge. The failed charge and its events stay: the decline did happen.
 * `intent` is the PaymentIntent as formatted for the wire.
 */
export function declineError(charge: Charge, intent: object | null): SandboxError {
  const { code, declineCode, message } = charge.decline ?? {
    code: "card_declined",
    declineCode: "generic_decline",
    message: "Your card was declined.",
  };
  return new SandboxError({
    status: 402,
    type: "card_error",
    code,
    message,
    param: code === "expired_card" ? "exp_month" : code === "incorrect_cvc" ? "cvc" : undefined,
    extra: {
      charge: charge.id,
      decline_code: declineCode,
      ...(intent ? { payment_intent: intent } : {}),
    },
    keepsChanges: true,
  });
}
