import type Stripe from "stripe";

/** One movement of an account's balance. Amounts in minor units, signed; times in unix seconds. */
export interface BalanceTransaction {
  id: string;
  created: number;
  /** When `net` counts as available. */
  availableOn: number;
  amount: number;
  fee: number;
  /** The part of `fee` that goes to the platform. */
  applicationFee: number;
  currency: string;
  type: Stripe.BalanceTransaction.Type;
  reportingCategory: string;
  description: string | null;
  /** Id of the charge, refund or dispute that caused it. */
  source: string | null;
}

/** What the movement does to the balance. */
export function net({ amount, fee }: BalanceTransaction): number {
  return amount - fee;
}

/** The wire form as seen at `now` (unix seconds): `status` turns from pending to available by time alone. */
export function formatBalanceTransaction(
  transaction: BalanceTransaction,
  now: number,
): Stripe.BalanceTransaction {
  const { amount, applicationFee, currency, fee } = transaction;
  const stripeFee = fee - applicationFee;
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
    fee_details: [
      ...(applicationFee === 0
        ? []
        : [feeDetail(applicationFee, currency, "application_fee", "Application fee")]),
      ...(stripeFee === 0 ? [] : [feeDetail(stripeFee, currency, "stripe_fee", feeText(transaction))]),
    ],
    net: net(transaction),
    reporting_category: transaction.reportingCategory,
    source: transaction.source,
    status: transaction.availableOn <= now ? "available" : "pending",
    type: transaction.type,
  };
}

function feeText({ type }: BalanceTransaction): string {
  return type === "adjustment" ? "Dispute fee" : "Stripe processing fees";
}

function feeDetail(
  amount: number,
  currency: string,
  type: string,
  description: string,
): Stripe.BalanceTransaction.FeeDetail {
  return { amount, application: null, currency, description, type };
}
