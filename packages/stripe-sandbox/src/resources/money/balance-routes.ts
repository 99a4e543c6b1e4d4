import type Stripe from "stripe";
import { z } from "zod";
import type { Context } from "../../context.ts";
import { noSuch } from "../../errors.ts";
import { listPage } from "../../http/lists.ts";
import { form, listParams } from "../../http/params.ts";
import { defineRoute, type Route } from "../../http/route.ts";
import { balances, balanceTransactions } from "../collections.ts";
import { pendingAmount } from "./balance.ts";
import { formatBalanceTransaction } from "./balance-transaction.ts";
import { currentBalance } from "./book.ts";

/** `GET /v1/balance`: one entry per currency, in the account's own currency when nothing has moved yet. */
function formatBalance(ctx: Context): Stripe.Balance {
  const used = ctx
    .collection(balances)
    .all()
    .map(({ id }) => id)
    .sort();
  const currencies = used.length > 0 ? used : [ctx.accountRecord().default_currency];
  const current = currencies.map((currency) => currentBalance(ctx, currency));
  const entry = (currency: string, amount: number) => ({ amount, currency, source_types: { card: amount } });
  return {
    object: "balance",
    available: current.map(({ id, available }) => entry(id, available)),
    livemode: false,
    pending: current.map((balance) => entry(balance.id, pendingAmount(balance))),
    refund_and_dispute_prefunding: {
      available: current.map(({ id }) => ({ amount: 0, currency: id })),
      pending: current.map(({ id }) => ({ amount: 0, currency: id })),
    },
  };
}

const balance = defineRoute({
  method: "GET",
  path: "/v1/balance",
  params: z.strictObject({}),
  returns: "balance",
  run: (ctx) => formatBalance(ctx),
});

const retrieve = defineRoute({
  method: "GET",
  path: "/v1/balance_transactions/:id",
  params: z.strictObject({}),
  returns: "balance_transaction",
  run: (ctx, _params, { id }) => {
    const transaction = ctx.collection(balanceTransactions).get(id);
    if (!transaction) throw noSuch("balance transaction", id, "id");
    return formatBalanceTransaction(transaction, ctx.nowSeconds());
  },
});

const list = defineRoute({
  method: "GET",
  path: "/v1/balance_transactions",
  params: z.strictObject({
    ...listParams,
    currency: form.text().optional(),
    source: form.text().optional(),
    type: form.text().optional(),
  }),
  returns: { list: "balance_transaction" },
  run: (ctx, params) => {
    const { source, type } = params;
    const currency = params.currency?.toLowerCase();
    return listPage(ctx, balanceTransactions, params, {
      url: "/v1/balance_transactions",
      noun: "balance transaction",
      format: (transaction) => formatBalanceTransaction(transaction, ctx.nowSeconds()),
      filter: (transaction) =>
        (source === undefined || transaction.source === source) &&
        (currency === undefined || transaction.currency === currency) &&
        (type === undefined || transaction.type === type),
    });
  },
});

export const balanceRoutes: readonly Route[] = [balance, retrieve, list];
