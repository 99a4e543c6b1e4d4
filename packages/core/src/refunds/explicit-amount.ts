import type { Transaction } from "@redress/database";
import { RedressError } from "../errors.ts";
import { amountStep, formatMoney, type Money } from "../money.ts";
import type { PurchaseRow } from "./refund-row.ts";
import { remainderOf } from "./remainder.ts";

/**
 * The amount of a request: what was asked for, or all that is left. The purchase must be locked.
 *
 * @throws RedressError `amount_invalid`, `currency_mismatch`, `amount_exceeds_remaining`, `already_refunded`
 */
export async function explicitAmount(
  transaction: Transaction,
  purchase: PurchaseRow,
  asked: Money | undefined,
): Promise<number> {
  const { currency } = purchase;
  if (asked !== undefined) requireValidAmount(asked, currency);
  const { left, atStripe, reserved } = await remainderOf(transaction, purchase);
  if (atStripe >= purchase.amountCaptured) {
    throw new RedressError(
      "already_refunded",
      "All of this purchase has been refunded already. There is nothing left to return.",
      { details: { left: 0, currency } },
    );
  }
  const amount = asked?.amount ?? left;
  if (amount === 0 || amount > left) {
    if (left === 0) {
      throw new RedressError(
        "amount_exceeds_remaining",
        "All that is left of this purchase is held by open requests. Decide or withdraw them first.",
        { details: { left, reserved, currency } },
      );
    }
    const held =
      reserved > 0 ? `, and ${formatMoney({ amount: reserved, currency })} is held by open requests` : "";
    throw new RedressError(
      "amount_exceeds_remaining",
      `Only ${formatMoney({ amount: left, currency })} of this purchase is left to refund${held}. Ask for that much or less.`,
      { details: { left, reserved, currency } },
    );
  }
  return amount;
}

function requireValidAmount(asked: Money, currency: string): void {
  if (asked.currency.toLowerCase() !== currency) {
    throw currencyMismatch(currency);
  }
  const step = amountStep(currency);
  if (!Number.isSafeInteger(asked.amount) || asked.amount <= 0 || asked.amount % step !== 0) {
    throw new RedressError(
      "amount_invalid",
      `Give the amount as a whole number of ${currency.toUpperCase()}'s smallest unit, above 0${step > 1 ? `, in steps of ${step}` : ""}.`,
      { details: { step, currency } },
    );
  }
}

/** @param currency the purchase's own */
export function currencyMismatch(currency: string): RedressError {
  return new RedressError(
    "currency_mismatch",
    `The purchase was paid in ${currency.toUpperCase()}. Give the amount in that currency.`,
    { details: { currency } },
  );
}
