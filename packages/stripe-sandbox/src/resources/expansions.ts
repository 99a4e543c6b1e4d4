import type { Context } from "../context.ts";
import type { Expansion, Expansions } from "../http/expand.ts";
import { listPage } from "../http/lists.ts";
import { balanceTransactions, charges, customers, disputes, paymentIntents, refunds } from "./collections.ts";
import { formatCustomer } from "./customers/customer.ts";
import { disputeObject } from "./disputes/dispute-effects.ts";
import { formatBalanceTransaction } from "./money/balance-transaction.ts";
import { formatCharge } from "./payments/charge.ts";
import { formatPaymentIntent } from "./payments/payment-intent.ts";
import { formatRefund } from "./refunds/refund.ts";

type Find = (ctx: Context, id: string) => object | null;

const find = {
  balance_transaction: (ctx, id) => {
    const transaction = ctx.collection(balanceTransactions).get(id);
    return transaction ? formatBalanceTransaction(transaction, ctx.nowSeconds()) : null;
  },
  charge: (ctx, id) => {
    const charge = ctx.collection(charges).get(id);
    return charge ? formatCharge(charge) : null;
  },
  customer: (ctx, id) => {
    const customer = ctx.collection(customers).get(id);
    return customer ? formatCustomer(customer) : null;
  },
  dispute: (ctx, id) => {
    const dispute = ctx.collection(disputes).get(id);
    return dispute ? disputeObject(ctx, dispute) : null;
  },
  payment_intent: (ctx, id) => {
    const intent = ctx.collection(paymentIntents).get(id);
    return intent ? formatPaymentIntent(intent) : null;
  },
  refund: (ctx, id) => {
    const refund = ctx.collection(refunds).get(id);
    return refund ? formatRefund(refund) : null;
  },
} as const satisfies Record<string, Find>;

/** The object of that type whose id stands in that field. */
function byId(type: keyof typeof find, field: string = type): Expansion {
  return {
    returns: type,
    load: (ctx, object) => {
      const id = object[field];
      return typeof id === "string" ? find[type](ctx, id) : null;
    },
  };
}

/** A charge carries its newest refunds only when asked to (since 2022-11-15). */
const refundsOfCharge: Expansion = {
  returns: { list: "refund" },
  load: (ctx, { id }) =>
    typeof id !== "string"
      ? null
      : listPage(
          ctx,
          refunds,
          {},
          {
            url: `/v1/charges/${id}/refunds`,
            noun: "refund",
            format: formatRefund,
            index: { name: "charge", value: id },
          },
        ),
};

/** A movement's source by its id: a charge, a refund or a dispute. */
const sourceOfTransaction: Expansion = {
  returns: "balance_transaction_source",
  load: (ctx, { source }) => {
    if (typeof source !== "string") return null;
    return find.charge(ctx, source) ?? find.refund(ctx, source) ?? find.dispute(ctx, source);
  },
};

export const resourceExpansions: Expansions = {
  balance_transaction: { source: sourceOfTransaction },
  charge: {
    balance_transaction: byId("balance_transaction"),
    customer: byId("customer"),
    dispute: byId("dispute"),
    payment_intent: byId("payment_intent"),
    refunds: refundsOfCharge,
  },
  dispute: {
    charge: byId("charge"),
    payment_intent: byId("payment_intent"),
  },
  payment_intent: {
    customer: byId("customer"),
    latest_charge: byId("charge", "latest_charge"),
  },
  "radar.early_fraud_warning": {
    charge: byId("charge"),
    payment_intent: byId("payment_intent"),
  },
  refund: {
    balance_transaction: byId("balance_transaction"),
    charge: byId("charge"),
    customer: byId("customer"),
    failure_balance_transaction: byId("balance_transaction", "failure_balance_transaction"),
    payment_intent: byId("payment_intent"),
  },
};
