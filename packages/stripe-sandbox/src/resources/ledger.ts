import type Stripe from "stripe";
import type { Context } from "../context.ts";
import { balanceTransactions, charges, disputes, refunds } from "./collections.ts";
import { disputeObject } from "./disputes/dispute-effects.ts";
import { formatBalanceTransaction } from "./money/balance-transaction.ts";
import { formatCharge } from "./payments/charge.ts";
import { formatRefund } from "./refunds/refund.ts";

/** Everything that happened to one account's money. */
export interface AccountLedger {
  charges: Stripe.Charge[];
  refunds: Stripe.Refund[];
  disputes: Stripe.Dispute[];
  balanceTransactions: Stripe.BalanceTransaction[];
}

/** One account's share of the ledger (`GET /admin/ledger`), newest first. */
export function resourceLedger(ctx: Context): AccountLedger {
  const now = ctx.nowSeconds();
  return {
    charges: ctx.collection(charges).all().map(formatCharge),
    refunds: ctx.collection(refunds).all().map(formatRefund),
    disputes: ctx
      .collection(disputes)
      .all()
      .map((dispute) => disputeObject(ctx, dispute)),
    balanceTransactions: ctx
      .collection(balanceTransactions)
      .all()
      .map((transaction) => formatBalanceTransaction(transaction, now)),
  };
}
