import { currencyExponent } from "../money.ts";

/** What a person types of a price: main units, as written, since the currency says what they are worth. */
export interface PriceRange {
  readonly least: Decimal | null;
  readonly most: Decimal | null;
  /** Null: any. */
  readonly currency: string | null;
}

/** A number as it was written, without its decimal mark: 49.90 is 4990 with two decimals. */
interface Decimal {
  readonly digits: number;
  readonly decimals: number;
}

const symbols: Readonly<Record<string, string>> = { "€": "eur", $: "usd", "£": "gbp", "¥": "jpy" };
const currencies = new Set(Intl.supportedValuesOf("currency").map((code) => code.toLowerCase()));
const form = /^([€$£¥])?([\d.,]+)?(\.\.)?([\d.,]+)?([a-z]{3}|[€$£¥])?$/i;

/**
 * Reads `49`, `49.00`, `49,00`, `€49`, `49eur`, `10..50eur`, `..50`. Thousands take no mark: "1.234" could be either,
 * and is read as a number of three decimals, which most currencies do not have.
 *
 * @returns null for what is none
 */
export function readPrice(text: string): PriceRange | null {
  const [whole, before, after] = [
    text.replace(/\.\.+/, ".."),
    /^[€$£¥]/.exec(text)?.[0],
    currencyAfter(text),
  ];
  if (!form.test(whole) || (before !== undefined && after !== null)) return null;
  const currency = before === undefined ? after : (symbols[before] ?? null);
  if (currency !== null && !currencies.has(currency)) return null;
  const numbers = whole.replace(/^[€$£¥]/, "").replace(/([a-z]{3}|[€$£¥])$/i, "");
  const [first = "", last, more] = numbers.split("..");
  if (more !== undefined) return null;
  const least = readDecimal(first);
  if (last === undefined) return least && { least, most: least, currency };
  const most = readDecimal(last);
  if ((first !== "" && !least) || (last !== "" && !most) || (!least && !most)) return null;
  return { least, most, currency };
}

function currencyAfter(text: string): string | null {
  const mark = /([a-z]{3}|[€$£¥])$/i.exec(text)?.[0]?.toLowerCase();
  return mark === undefined ? null : (symbols[mark] ?? mark);
}

function readDecimal(text: string): Decimal | null {
  const [, whole, decimals = ""] = /^(\d{1,9})(?:[.,](\d{1,3}))?$/.exec(text) ?? [];
  return whole === undefined ? null : { digits: Number(whole + decimals), decimals: decimals.length };
}

/**
 * In the smallest unit of currencies with `exponent` decimals.
 *
 * @returns null where such a currency cannot be written like this, e.g. 49.50 of one without decimals
 */
export function minorUnitsOf({ digits, decimals }: Decimal, exponent: number): number | null {
  const excess = decimals - exponent;
  if (excess <= 0) return digits * 10 ** -excess;
  const units = digits / 10 ** excess;
  return Number.isInteger(units) ? units : null;
}

/** The exponent of a currency that is known, or those that there are. */
export function exponentsOf(currency: string | null): readonly number[] {
  return currency === null ? [2, 0, 3] : [currencyExponent(currency)];
}
