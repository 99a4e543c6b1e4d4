import type { Context } from "../../context.ts";
import { balances, balanceTransactions } from "../collections.ts";
import { type CurrencyBalance, matured, moved } from "./balance.ts";
import { type BalanceTransaction, net } from "./balance-transaction.ts";

export type Movement = Omit<BalanceTransaction, "id" | "created" | "fee" | "applicationFee" | "application"> &
  Partial<Pick<BalanceTransaction, "fee" | "applicationFee" | "application">>;

/** The account's balance in one currency as it stands now. */
export function currentBalance(ctx: Context, currency: string): CurrencyBalance {
  const now = ctx.nowSeconds();
  const stored = ctx.collection(balances).get(currency);
  if (stored) return matured(stored, now);
  return { id: currency, created: now, available: 0, maturing: {}, coveredByBank: true };
}

/** Writes a balance transaction and moves the balance by its net. */
export function book(ctx: Context, movement: Movement): BalanceTransaction {
  const now = ctx.nowSeconds();
  const transaction: BalanceTransaction = {
    fee: 0,
    applicationFee: 0,
    application: null,
    ...movement,
    id: ctx.id("txn_3"),
    created: now,
  };
  const { currency, availableOn } = transaction;
  const balance = moved(currentBalance(ctx, currency), net(transaction), availableOn, now);
  ctx.collection(balances).put(balance);
  return ctx.collection(balanceTransactions).put(transaction);
}
