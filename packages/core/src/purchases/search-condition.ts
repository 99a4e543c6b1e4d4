import { apps, purchases } from "@redress/database";
import { and, between, eq, gte, inArray, like, lt, lte, notInArray, or, type SQL, sql } from "drizzle-orm";
import { currenciesWithExponent } from "../money.ts";
import type { Period } from "./read-period.ts";
import { exponentsOf, minorUnitsOf, type PriceRange } from "./read-price.ts";
import type { SearchTerm } from "./search-terms.ts";

/** Purchases that all terms match. Each kind of match is one that an index answers. */
export function searchCondition(terms: readonly SearchTerm[]): SQL | undefined {
  return and(...terms.map(conditionOf));
}

function conditionOf(term: SearchTerm): SQL | undefined {
  switch (term.kind) {
    case "app":
      // Looked up first: a join would keep the index that has this app's newest from being used.
      return sql`${purchases.appId} = (select ${apps.id} from ${apps} where ${eq(apps.slug, term.slug)})`;
    case "exact":
      return eq(exactColumns[term.as], term.value);
    case "period":
      return periodCondition(term.period);
    case "price":
      return or(
        priceCondition(term.range),
        term.orOrderNumber === null ? undefined : orderCondition(term.orOrderNumber),
      );
    case "free":
      return freeCondition(term);
  }
}

const exactColumns = {
  charge: purchases.stripeChargeId,
  payment_intent: purchases.stripePaymentIntentId,
  customer: purchases.stripeCustomerId,
  purchase: purchases.id,
} as const;

function freeCondition({ word, as }: Extract<SearchTerm, { kind: "free" }>): SQL | undefined {
  const isAddress = word.includes("@");
  return (
    or(
      as.includes("email") ? like(sql`lower(${purchases.customerEmail})`, startingWith(word)) : undefined,
      mayBeName({ word, as }) ? nameCondition(word) : undefined,
      as.includes("order_number") && !(isAddress && as.length > 1) ? orderCondition(word) : undefined,
      as.includes("customer") && !(isAddress && as.length > 1)
        ? eq(purchases.appCustomerId, word)
        : undefined,
      as.includes("last4") && /^\d{4}$/.test(word) ? eq(purchases.paymentMethodLast4, word) : undefined,
    ) ?? sql`false`
  );
}

/**
 * An order number or the start of an address is not looked for among names, unless somebody says that it is one: the
 * index of names would walk through all that begin with each of its parts.
 */
export function mayBeName({ word, as }: Pick<Extract<SearchTerm, { kind: "free" }>, "word" | "as">): boolean {
  if (!as.includes("name") || word.includes("@")) return false;
  return as.length === 1 || !/[\d_+]|\.(?=.)/.test(word);
}

function orderCondition(word: string): SQL {
  return inArray(purchases.orderNumber, orderSpellings(word));
}

/** An order number as people write it: with or without `#`, in either case. */
export function orderSpellings(word: string): string[] {
  const bare = word.replace(/^#/, "");
  return [...new Set([bare, bare.toUpperCase(), bare.toLowerCase(), word])];
}

/** Matches the start of any word of the name, through the index `purchases_name_words`. */
function nameCondition(word: string): SQL | undefined {
  const lexemes = nameWords(word);
  if (lexemes.length === 0) return undefined;
  const sought = lexemes.map((lexeme) => `${lexeme}:*`).join(" & ");
  return sql`to_tsvector('simple', ${purchases.customerName}) @@ to_tsquery('simple', ${sought})`;
}

/** What to_tsvector takes for letters of a word; anything else would be read as an operator. */
export function nameWords(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((part) => part !== "");
}

function startingWith(text: string): string {
  return `${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
}

function periodCondition({ from, until }: Period): SQL | undefined {
  return and(
    from ? gte(purchases.purchasedAt, from) : undefined,
    until ? lt(purchases.purchasedAt, until) : undefined,
  );
}

/** 49.00 is 4900 of most currencies, 49 of those without decimals and 49000 of those with three. */
function priceCondition({ least, most, currency }: PriceRange): SQL {
  const alternatives = exponentsOf(currency).map((exponent) => {
    const [from, to] = [least && minorUnitsOf(least, exponent), most && minorUnitsOf(most, exponent)];
    if ((least && from === null) || (most && to === null)) return undefined;
    const amount =
      from !== null && to !== null
        ? from === to
          ? eq(purchases.amountCaptured, from)
          : between(purchases.amountCaptured, from, to)
        : and(
            from === null ? undefined : gte(purchases.amountCaptured, from),
            to === null ? undefined : lte(purchases.amountCaptured, to),
          );
    return and(amount, currency === null ? ofExponent(exponent) : eq(purchases.currency, currency));
  });
  return or(...alternatives) ?? sql`false`;
}

function ofExponent(exponent: number): SQL {
  const [none, three] = [currenciesWithExponent(0), currenciesWithExponent(3)];
  if (exponent === 0) return inArray(purchases.currency, none);
  return exponent === 3
    ? inArray(purchases.currency, three)
    : notInArray(purchases.currency, [...none, ...three]);
}
