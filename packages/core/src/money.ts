/** An amount in the currency's smallest unit, always together with its currency (lower-case ISO 4217). */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Stripe: currencies, "zero-decimal" and "three-decimal". All others have two decimals. */
const exponents: Readonly<Record<string, number>> = {
  bif: 0,
  clp: 0,
  djf: 0,
  gnf: 0,
  jpy: 0,
  kmf: 0,
  krw: 0,
  mga: 0,
  pyg: 0,
  rwf: 0,
  vnd: 0,
  vuv: 0,
  xaf: 0,
  xof: 0,
  xpf: 0,
  bhd: 3,
  jod: 3,
  kwd: 3,
  omr: 3,
  tnd: 3,
};
/** No decimals in daily life, but Stripe's API counts them in hundredths that must end in 00. */
const wholeUnitsInHundredths = new Set(["isk", "ugx"]);

/** Currencies whose number of decimals is not two. */
export const currenciesWithExponent = (exponent: 0 | 3): string[] =>
  Object.keys(exponents).filter((currency) => exponents[currency] === exponent);

/** Decimals of a currency in Stripe's API: 0, 2 or 3. */
export function currencyExponent(currency: string): number {
  return exponents[currency] ?? 2;
}

/** The smallest step of an amount that Stripe takes: 100 for ISK and UGX, 10 for three-decimal currencies, else 1. */
export function amountStep(currency: string): number {
  if (wholeUnitsInHundredths.has(currency)) return 100;
  return currencyExponent(currency) === 3 ? 10 : 1;
}

/** Decimals with which people write an amount: as in Stripe's API, but none for ISK and UGX. */
export function writtenDecimals(currency: string): number {
  return wholeUnitsInHundredths.has(currency) ? 0 : currencyExponent(currency);
}

/** "€12.50" for a reader of `locale`; amounts without decimals in daily life are shown without. */
export function formatMoney(money: Money, locale = "en"): string {
  const exponent = currencyExponent(money.currency);
  const digits = writtenDecimals(money.currency);
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency: money.currency.toUpperCase(),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(money.amount / 10 ** exponent);
}

/** "€12.5K": an amount where there is little room; the exact one has to stand beside it. */
export function formatMoneyRoughly({ amount, currency }: Money, locale = "en"): string {
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency: currency.toUpperCase(),
    notation: "compact",
    minimumFractionDigits: 0,
    maximumFractionDigits: 1,
  }).format(amount / 10 ** currencyExponent(currency));
}

/** "-12.50": an amount as a plain decimal with the currency's decimals, for programs and books. */
export function decimalOf({ amount, currency }: Money): string {
  const exponent = currencyExponent(currency);
  const digits = String(Math.abs(amount)).padStart(exponent + 1, "0");
  const sign = amount < 0 ? "-" : "";
  if (exponent === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
