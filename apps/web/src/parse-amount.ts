import { RedressError } from "@redress/core/errors";
import { amountStep, currencyExponent, formatMoney } from "@redress/core/money";

/** An amount in minor units as people type it: 1250 eur is "12.50", 1500 jpy is "1500". */
export function writeAmount({ amount, currency }: { amount: number; currency: string }): string {
  const exponent = currencyExponent(currency);
  const digits = amountStep(currency) >= 100 ? 0 : exponent;
  return (amount / 10 ** exponent).toFixed(digits);
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
