import { badRequest } from "../../errors.ts";
import { displayAmount, findCurrency, supportedCurrencies } from "./currencies.ts";

/**
 * The currency in lower case, if an amount (minor units) can be charged in it.
 * @throws SandboxError 400 for an unknown currency or an amount that it does not allow (Stripe: minimum and maximum charge amounts)
 */
export function checkChargeAmount(amount: number, code: string): string {
  const currency = findCurrency(code);
  if (!currency) {
    throw badRequest(
      `Invalid currency: ${code}. Stripe currently supports these currencies: ${supportedCurrencies().join(", ")}`,
      { param: "currency" },
    );
  }
  const { minimumCharge, maximum, granularity } = currency;
  if (amount < minimumCharge) {
    throw badRequest(
      `Amount must be at least ${displayAmount(minimumCharge, currency.code)} ${currency.code}`,
      { code: "amount_too_small", param: "amount" },
    );
  }
  if (amount > maximum) {
    throw badRequest(`Amount must be no more than ${displayAmount(maximum, currency.code)}`, {
      code: "amount_too_large",
      param: "amount",
    });
  }
  if (amount % granularity !== 0) {
    throw badRequest(`Invalid amount: in ${currency.code} it must be a multiple of ${granularity}.`, {
      code: "parameter_invalid_integer",
      param: "amount",
    });
  }
  return currency.code;
}
