import type Stripe from "stripe";

export const fraudTypes = [
  "card_never_received",
  "fraudulent_card_application",
  "made_with_counterfeit_card",
  "made_with_lost_card",
  "made_with_stolen_card",
  "misc",
  "unauthorized_use_of_card",
] as const;
export type FraudType = (typeof fraudTypes)[number];

/** The card network's word that a charge looks like fraud, before any dispute. `created` in unix seconds. */
export interface EarlyFraudWarning {
  readonly id: string;
  readonly created: number;
  readonly charge: string;
  readonly paymentIntent: string | null;
  readonly fraudType: FraudType;
  /** True until the charge is disputed or fully refunded. */
  readonly actionable: boolean;
}

export function formatEarlyFraudWarning(warning: EarlyFraudWarning): Stripe.Radar.EarlyFraudWarning {
  return {
    id: warning.id,
    object: "radar.early_fraud_warning",
    actionable: warning.actionable,
    charge: warning.charge,
    created: warning.created,
    fraud_type: warning.fraudType,
    livemode: false,
    ...(warning.paymentIntent ? { payment_intent: warning.paymentIntent } : {}),
  };
}
