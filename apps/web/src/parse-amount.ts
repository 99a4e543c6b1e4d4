import { RedressError } from "@redress/core/errors";
import { amountStep, currencyExponent, formatMoney, writtenDecimals } from "@redress/core/money";

/** An amount in minor units as people type it: 1250 eur is "12.50", 1500 jpy is "1500". */
export function writeAmount({ amount, currency }: { amount: number; currency: string }): string {
  return (amount / 10 ** currencyExponent(currency)).toFixed(writtenDecimals(currency));
}

/**
 * Reads an amount that a person typed. Only one decimal mark and no thousands marks: "1.234" could be
 * either, and money is never guessed.
 *
 * @returns minor units
 * @throws RedressError amount_invalid
 */
export function parseAmount(text: string, currency: string): number {
  const exponent = currencyExponent(currency);
  const match = /^(\d{1,12})(?:([.,])(\d+))?$/.exec(text.trim());
  const [, whole, mark, decimals = ""] = match ?? [];
  const example = writeAmount({ amount: exponent === 0 ? 1250 : 12.5 * 10 ** exponent, currency });
  if (whole === undefined) {
    throw new RedressError("amount_invalid", `Write the amount in figures alone, such as ${example}.`);
  }
  if (decimals.length > exponent || (mark === "," && decimals.length === 3)) {
    const code = currency.toUpperCase();
    const rule = exponent === 0 ? `${code} has no decimals` : `${code} has up to ${exponent} decimals`;
    throw new RedressError(
      "amount_invalid",
      `${text.trim()} is not clear: ${rule}, and thousands take no mark. Write the amount like ${example}.`,
    );
  }
  const amount = Number(whole + decimals.padEnd(exponent, "0"));
  if (amount <= 0) throw new RedressError("amount_invalid", "The amount must be more than nothing.");
  const step = amountStep(currency);
  if (amount % step !== 0) {
    const smallest = formatMoney({ amount: step, currency });
    throw new RedressError("amount_invalid", `In this currency amounts go in steps of ${smallest}.`);
  }
  return amount;
}

/**
 * An amount as `parseAmount` reads it, or a share such as "50%" or "12.5 %" of what was paid: rounded down to a step
 * that Stripe takes, so that shares never add up to more than the whole.
 *
 * @param input.of what was paid, in minor units
 * @returns minor units
 * @throws RedressError amount_invalid
 */
export function parseAmountOrShare(text: string, { of, currency }: { of: number; currency: string }): number {
  const [, whole, decimals = ""] = /^(\d{1,3})(?:[.,](\d{1,2}))?\s*%$/.exec(text.trim()) ?? [];
  if (whole === undefined) return parseAmount(text, currency);
  const hundredths = Number(whole + decimals.padEnd(2, "0"));
  if (hundredths <= 0 || hundredths > 10_000) {
    throw new RedressError("amount_invalid", "A share is more than 0% and at most 100%.");
  }
  const step = amountStep(currency);
  const share = Number((BigInt(of) * BigInt(hundredths)) / 10_000n);
  const amount = share - (share % step);
  if (amount === 0) throw new RedressError("amount_invalid", "This share is less than the smallest amount.");
  return amount;
}
