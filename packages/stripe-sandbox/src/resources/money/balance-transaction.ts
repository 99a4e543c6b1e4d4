import type Stripe from "stripe";

/** One movement of an account's balance. Amounts in minor units, signed; times in unix seconds. */
export interface BalanceTransaction {
  readonly id: string;
  readonly created: number;
  /** When `net` counts as available. */
  readonly availableOn: number;
  readonly amount: number;
  readonly fee: number;
  /** The part of `fee` that goes to the platform. */
  readonly applicationFee: number;
  /** `ca_…` of that platform. */
  readonly application: string | null;
  readonly currency: string;
  readonly type: Stripe.BalanceTransaction.Type;
  readonly reportingCategory: string;
  readonly description: string | null;
  /** Id of the charge, refund or dispute that caused it. */
  readonly source: string | null;
}

/** What the movement does to the balance. */
export function net({ amount, fee }: Pick<BalanceTransaction, "amount" | "fee">): number {
  return amount - fee;
}

/** The wire form as seen at `now` (unix seconds): `status` turns from pending to available by time alone. */
export function formatBalanceTransaction(
  transaction: BalanceTransaction,
  now: number,
): Stripe.BalanceTransaction {
  const { amount, currency, fee } = transaction;
  return {
    id: transaction.id,
    object: "balance_transaction",
    amount,
    available_on: transaction.availableOn,
    balance_type: "payments",
    created: transaction.created,
    currency,
    description: transaction.description,
    exchange_rate: null,
    fee,
    fee_details: formatFees(transaction),
    net: net(transaction),
    reporting_category: transaction.reportingCategory,
    source: transaction.source,
    status: transaction.availableOn <= now ? "available" : "pending",
    type: transaction.type,
  };
}

function formatFees(transaction: BalanceTransaction): Stripe.BalanceTransaction.FeeDetail[] {
  const { application, applicationFee, currency, fee, type } = transaction;
  const stripeFee = fee - applicationFee;
  const details: Stripe.BalanceTransaction.FeeDetail[] = [];
  if (applicationFee !== 0) {
    const description = "Application fee";
    details.push({ amount: applicationFee, application, currency, description, type: "application_fee" });
  }
  if (stripeFee !== 0) {
    const description = type === "adjustment" ? "Dispute fee" : "Stripe processing fees";
    details.push({ amount: stripeFee, application: null, currency, description, type: "stripe_fee" });
  }
  return details;
}
