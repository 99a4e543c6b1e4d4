import type Stripe from "stripe";
import type { RefundStatus } from "./refund-status.ts";

/** A refund of one charge, as the sandbox keeps it. Amount in minor units, times in unix seconds. */
export interface Refund {
  readonly id: string;
  readonly created: number;
  readonly charge: string;
  readonly paymentIntent: string | null;
  readonly paymentMethod: string | null;
  readonly customer: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly status: RefundStatus;
  readonly reason: Stripe.Refund.Reason | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Null while no money has left the balance. */
  readonly balanceTransaction: string | null;
  readonly failureBalanceTransaction: string | null;
  readonly failureReason: string | null;
  readonly pendingReason: Stripe.Refund.PendingReason | null;
  readonly destination: RefundDestination | null;
  /** Bank reference (ARN) by which the customer's bank finds the money. */
  readonly reference: string | null;
  readonly instructionsEmail: string | null;
  /** Until when the customer may give bank details (`requires_action`). */
  readonly expiresAt: number | null;
  readonly applicationFeeRefunded: boolean;
  /** The request that made it; null where Stripe itself did. Never on the wire. */
  readonly madeBy: { readonly requestId: string; readonly idempotencyKey: string | null } | null;
  readonly madeMs: number;
}

/** How the money travels: to a card as a refund or as the reversal of a hold, or by transfer to a bank. */
export type RefundDestination = "card_refund" | "card_reversal" | "us_bank_transfer" | "jp_bank_transfer";

/** The wire form. Optional members are absent, not null, unless they mean something. */
export function formatRefund(refund: Refund): Stripe.Refund {
  const { destination } = refund;
  return {
    id: refund.id,
    object: "refund",
    amount: refund.amount,
    balance_transaction: refund.balanceTransaction,
    charge: refund.charge,
    created: refund.created,
    currency: refund.currency,
    customer: refund.customer,
    customer_account: null,
    ...(destination ? { destination_details: formatDestination(destination, refund.reference) } : {}),
    ...(refund.failureBalanceTransaction
      ? { failure_balance_transaction: refund.failureBalanceTransaction }
      : {}),
    ...(refund.failureReason ? { failure_reason: refund.failureReason } : {}),
    ...(refund.instructionsEmail ? { instructions_email: refund.instructionsEmail } : {}),
    metadata: { ...refund.metadata },
    ...formatNextAction(refund),
    payment_intent: refund.paymentIntent,
    payment_method: refund.paymentMethod,
    ...(refund.pendingReason ? { pending_reason: refund.pendingReason } : {}),
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: refund.status,
    transfer_reversal: null,
  };
}

function formatNextAction(refund: Refund): Pick<Stripe.Refund, "next_action"> {
  const { status, instructionsEmail, expiresAt } = refund;
  if (status !== "requires_action" || expiresAt === null) return {};
  const email_sent = { email_sent_at: refund.created, email_sent_to: instructionsEmail ?? "" };
  return { next_action: { display_details: { email_sent, expires_at: expiresAt }, type: "display_details" } };
}

function formatDestination(
  destination: RefundDestination,
  reference: string | null,
): Stripe.Refund.DestinationDetails {
  const reference_status = reference === null ? "pending" : "available";
  switch (destination) {
    case "card_refund":
    case "card_reversal":
      return {
        card: {
          ...(reference === null ? {} : { reference }),
          reference_status,
          reference_type: "acquirer_reference_number",
          type: destination === "card_refund" ? "refund" : "reversal",
        },
        type: "card",
      };
    case "us_bank_transfer":
      return { us_bank_transfer: { reference, reference_status }, type: "us_bank_transfer" };
    case "jp_bank_transfer":
      return { jp_bank_transfer: { reference, reference_status }, type: "jp_bank_transfer" };
  }
}
