import type Stripe from "stripe";
import { type BalanceTransaction, formatBalanceTransaction } from "../money/balance-transaction.ts";

export const disputeReasons = [
  "bank_cannot_process",
  "check_returned",
  "credit_not_processed",
  "customer_initiated",
  "debit_not_authorized",
  "duplicate",
  "fraudulent",
  "general",
  "incorrect_account_details",
  "insufficient_funds",
  "noncompliant",
  "product_not_received",
  "product_unacceptable",
  "subscription_canceled",
  "unrecognized",
] as const;
export type DisputeReason = (typeof disputeReasons)[number];

export type DisputeStatus =
  | "warning_needs_response"
  | "warning_under_review"
  | "warning_closed"
  | "needs_response"
  | "under_review"
  | "won"
  | "lost";

/** A customer's complaint at the bank about one charge. Amount in minor units, times in unix seconds. */
export interface Dispute {
  readonly id: string;
  readonly created: number;
  readonly charge: string;
  readonly paymentIntent: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly reason: DisputeReason;
  readonly status: DisputeStatus;
  readonly brand: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Text evidence given so far, by the name of its field. */
  readonly evidence: Readonly<Record<string, string>>;
  readonly submissions: number;
  readonly dueBy: number;
  /** The withdrawal, and the return of the money when the dispute is won. */
  readonly balanceTransactions: readonly string[];
}

/** An inquiry asks; it has moved no money and the charge can still be refunded (Stripe: disputes, inquiries). */
export function isInquiry(status: DisputeStatus): boolean {
  return status.startsWith("warning_");
}

export function isClosed(status: DisputeStatus): boolean {
  return status === "won" || status === "lost" || status === "warning_closed";
}

/** A chargeback that is open or lost has taken the money: refunding as well would pay the customer twice. */
export function allowsRefund(status: DisputeStatus): boolean {
  return isInquiry(status) || status === "won";
}

export const evidenceFields = [
  "access_activity_log",
  "billing_address",
  "cancellation_policy",
  "cancellation_policy_disclosure",
  "cancellation_rebuttal",
  "customer_communication",
  "customer_email_address",
  "customer_name",
  "customer_purchase_ip",
  "customer_signature",
  "duplicate_charge_documentation",
  "duplicate_charge_explanation",
  "duplicate_charge_id",
  "product_description",
  "receipt",
  "refund_policy",
  "refund_policy_disclosure",
  "refund_refusal_explanation",
  "service_date",
  "service_documentation",
  "shipping_address",
  "shipping_carrier",
  "shipping_date",
  "shipping_documentation",
  "shipping_tracking_number",
  "uncategorized_file",
  "uncategorized_text",
] as const;
type EvidenceField = (typeof evidenceFields)[number];

/** The wire form as seen at `now` (unix seconds). `transactions` are those of `balanceTransactions`. */
export function formatDispute(
  dispute: Dispute,
  transactions: BalanceTransaction[],
  now: number,
): Stripe.Dispute {
  const { status } = dispute;
  return {
    id: dispute.id,
    object: "dispute",
    amount: dispute.amount,
    balance_transactions: transactions.map((transaction) => formatBalanceTransaction(transaction, now)),
    charge: dispute.charge,
    created: dispute.created,
    currency: dispute.currency,
    enhanced_eligibility_types: [],
    evidence: formatEvidence(dispute.evidence),
    evidence_details: {
      due_by: isClosed(status) ? null : dispute.dueBy,
      enhanced_eligibility: {},
      has_evidence: Object.keys(dispute.evidence).length > 0,
      past_due: !isClosed(status) && dispute.submissions === 0 && dispute.dueBy < now,
      submission_count: dispute.submissions,
      submission_method: dispute.submissions === 0 ? "not_submitted" : "manual",
    },
    intended_submission_method: null,
    is_charge_refundable: allowsRefund(status),
    livemode: false,
    metadata: { ...dispute.metadata },
    network_reason_code: null,
    payment_intent: dispute.paymentIntent,
    payment_method_details: {
      card: {
        brand: dispute.brand,
        case_type: isInquiry(status) ? "inquiry" : "chargeback",
        network: dispute.brand,
        network_reason_code: null,
      },
      type: "card",
    },
    reason: dispute.reason,
    status,
  };
}

function formatEvidence(given: Record<string, string>): Stripe.Dispute.Evidence {
  const of = (field: EvidenceField) => given[field] ?? null;
  return {
    access_activity_log: of("access_activity_log"),
    billing_address: of("billing_address"),
    cancellation_policy: of("cancellation_policy"),
    cancellation_policy_disclosure: of("cancellation_policy_disclosure"),
    cancellation_rebuttal: of("cancellation_rebuttal"),
    customer_communication: of("customer_communication"),
    customer_email_address: of("customer_email_address"),
    customer_name: of("customer_name"),
    customer_purchase_ip: of("customer_purchase_ip"),
    customer_signature: of("customer_signature"),
    duplicate_charge_documentation: of("duplicate_charge_documentation"),
    duplicate_charge_explanation: of("duplicate_charge_explanation"),
    duplicate_charge_id: of("duplicate_charge_id"),
    enhanced_evidence: {},
    product_description: of("product_description"),
    receipt: of("receipt"),
    refund_policy: of("refund_policy"),
    refund_policy_disclosure: of("refund_policy_disclosure"),
    refund_refusal_explanation: of("refund_refusal_explanation"),
    service_date: of("service_date"),
    service_documentation: of("service_documentation"),
    shipping_address: of("shipping_address"),
    shipping_carrier: of("shipping_carrier"),
    shipping_date: of("shipping_date"),
    shipping_documentation: of("shipping_documentation"),
    shipping_tracking_number: of("shipping_tracking_number"),
    uncategorized_file: of("uncategorized_file"),
    uncategorized_text: of("uncategorized_text"),
  };
}
