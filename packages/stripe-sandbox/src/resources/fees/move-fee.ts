import type { Context } from "../../context.ts";
import { applicationFees } from "../collections.ts";
import { book } from "../money/book.ts";
import { previousAttributes } from "../previous-attributes.ts";
import { formatApplicationFee } from "./application-fee.ts";

/**
 * Credits the platform with its fee on a merchant's payment. `ctx` is the merchant's; `amount` in minor units.
 * Answers the id of the fee.
 */
export function collectFee(
  ctx: Context,
  payment: { charge: string; application: string; amount: number; currency: string; availableOn: number },
): string {
  const platform = ctx.platform();
  const { amount, application, availableOn, charge, currency } = payment;
  const id = platform.id("fee_1");
  const balanceTransaction = book(platform, {
    amount,
    currency,
    availableOn,
    type: "application_fee",
    reportingCategory: "platform_earning",
    description: `Application fee from ${ctx.account}`,
    source: id,
  }).id;
  const fee = platform.collection(applicationFees).put({
    id,
    created: platform.nowSeconds(),
    account: ctx.account,
    application,
    charge,
    amount,
    amountRefunded: 0,
    currency,
    balanceTransaction,
    refunds: [],
  });
  platform.emit("application_fee.created", formatApplicationFee(fee));
  return id;
}

/** Gives part of a fee back to the merchant; answers how much that was (never more than is left of it). */
export function returnFee(ctx: Context, id: string, wanted: number): number {
  const platform = ctx.platform();
  const before = platform.collection(applicationFees).get(id);
  if (!before) throw new Error(`Application fee ${id} is not there.`);
  const amount = Math.min(wanted, before.amount - before.amountRefunded);
  if (amount <= 0) return 0;
  const created = platform.nowSeconds();
  const refund = platform.id("fr_1");
  const balanceTransaction = book(platform, {
    amount: -amount,
    currency: before.currency,
    availableOn: created,
    type: "application_fee_refund",
    reportingCategory: "platform_earning_refund",
    description: `Refund of an application fee to ${ctx.account}`,
    source: refund,
  }).id;
  const fee = platform.collection(applicationFees).put({
    ...before,
    amountRefunded: before.amountRefunded + amount,
    refunds: [{ id: refund, created, amount, balanceTransaction }, ...before.refunds],
  });
  const object = formatApplicationFee(fee);
  platform.emit("application_fee.refunded", object, previousAttributes(formatApplicationFee(before), object));
  return amount;
}
