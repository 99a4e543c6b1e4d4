import { defineCollection } from "../store/collection.ts";
import type { Customer } from "./customers/customer.ts";
import type { Dispute } from "./disputes/dispute.ts";
import type { EarlyFraudWarning } from "./disputes/early-fraud-warning.ts";
import type { ApplicationFee } from "./fees/application-fee.ts";
import type { CurrencyBalance } from "./money/balance.ts";
import type { BalanceTransaction } from "./money/balance-transaction.ts";
import type { Charge } from "./payments/charge.ts";
import type { PaymentIntent } from "./payments/payment-intent.ts";
import type { Refund } from "./refunds/refund.ts";

/**
 * Indexes serve what every refund and webhook asks for. Filters that only people use walk the records instead:
 * an index over a hundred thousand charges costs more than it saves.
 */
export const charges = defineCollection<Charge, "paymentIntent">("charges", {
  paymentIntent: (charge) => charge.paymentIntent,
});

export const paymentIntents = defineCollection<PaymentIntent>("payment_intents", {});

export const refunds = defineCollection<Refund, "charge" | "paymentIntent" | "waitingCurrency">("refunds", {
  charge: (refund) => refund.charge,
  paymentIntent: (refund) => refund.paymentIntent,
  /** Those that will go through once the balance in their currency allows it. */
  waitingCurrency: ({ status, pendingReason, currency }) =>
    status === "pending" && pendingReason === "insufficient_funds" ? currency : null,
});

export const disputes = defineCollection<Dispute, "charge" | "paymentIntent">("disputes", {
  charge: (dispute) => dispute.charge,
  paymentIntent: (dispute) => dispute.paymentIntent,
});

export const earlyFraudWarnings = defineCollection<EarlyFraudWarning, "charge" | "paymentIntent">(
  "early_fraud_warnings",
  {
    charge: (warning) => warning.charge,
    paymentIntent: (warning) => warning.paymentIntent,
  },
);

export const customers = defineCollection<Customer>("customers", {});

export const balanceTransactions = defineCollection<BalanceTransaction>("balance_transactions", {});

/** On the platform's account. */
export const applicationFees = defineCollection<ApplicationFee>("application_fees", {});

/** One per currency, under the currency's code. */
export const balances = defineCollection<CurrencyBalance>("balances", {});
