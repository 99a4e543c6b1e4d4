import type Stripe from "stripe";
import type { Context } from "../context.ts";
import { balanceTransactions, charges, disputes, refunds } from "./collections.ts";
import { disputeObject } from "./disputes/dispute-effects.ts";
import { formatBalanceTransaction } from "./money/balance-transaction.ts";
import { formatCharge } from "./payments/charge.ts";
import { formatRefund, type Refund } from "./refunds/refund.ts";

export interface RefundOrigin {
  refund: string;
  requestId: string | null;
  idempotencyKey: string | null;
  /** Epoch milliseconds of the sandbox clock. */
  atMs: number;
}

/** Everything that happened to one account's money. */
export interface AccountLedger {
  charges: Stripe.Charge[];
  refunds: Stripe.Refund[];
  /** Which request made which refund, and when: what metadata, which merchants edit, cannot prove. */
  origins: RefundOrigin[];
  disputes: Stripe.Dispute[];
  balanceTransactions: Stripe.BalanceTransaction[];
}

/** One account's share of the ledger (`GET /admin/ledger`), newest first. */
export function resourceLedger(ctx: Context): AccountLedger {
  const now = ctx.nowSeconds();
  return {
    charges: ctx.collection(charges).all().map(formatCharge),
    refunds: ctx.collection(refunds).all().map(formatRefund),
    origins: ctx.collection(refunds).all().map(originOf),
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

function originOf({ id, madeBy, madeMs }: Refund): RefundOrigin {
  const { requestId = null, idempotencyKey = null } = madeBy ?? {};
  return { refund: id, requestId, idempotencyKey, atMs: madeMs };
}
