import { RedressError } from "@redress/core/errors";
import type { Money } from "@redress/core/money";
import { parseAmount, writeAmount } from "../parse-amount.ts";

/** Rules as one line that people can edit: "50.00 eur, 6000 jpy". */
export function writeRules(rules: readonly Money[]): string {
  return rules.map((rule) => `${writeAmount(rule)} ${rule.currency}`).join(", ");
}

/**
 * @param text amounts with their currencies, separated by commas; empty for no rule
 * @throws RedressError invalid_input, amount_invalid
 */
export function parseRules(text: string): Money[] {
  // A comma with a space behind it, or a line break, separates; a comma inside an amount does not.
  const parts = text.split(/,\s+|;|\n/).map((part) => part.trim());
  return parts
    .filter((part) => part !== "")
    .map((part) => {
      const [, amount, currency] = /^([\d.,]+)\s*([a-z]{3})$/i.exec(part) ?? [];
      if (amount === undefined || currency === undefined) {
        throw new RedressError(
          "invalid_input",
          `"${part}" is not an amount with its currency. Write them like 50 eur, 6000 jpy.`,
        );
      }
      const code = currency.toLowerCase();
      return { amount: parseAmount(amount, code), currency: code };
    });
}
