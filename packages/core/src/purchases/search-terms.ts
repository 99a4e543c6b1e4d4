import { RedressError } from "../errors.ts";
import { type Period, readPeriod } from "./read-period.ts";
import { type PriceRange, readPrice } from "./read-price.ts";

/** How a purchase can be found. */
export const matchKinds = [
  "email",
  "name",
  "order_number",
  "last4",
  "charge",
  "payment_intent",
  "customer",
  "purchase",
  "amount",
  "date",
] as const;
export type MatchKind = (typeof matchKinds)[number];

/** One word of what a person types. */
export type SearchTerm =
  | { readonly kind: "app"; readonly slug: string }
  /** What matches as a whole, e.g. an id. */
  | { readonly kind: "exact"; readonly as: ExactKind; readonly value: string }
  /** May be the start of an e-mail address or of a word of the name, or one of those in `whole`. */
  | { readonly kind: "free"; readonly word: string; readonly as: readonly FreeKind[] }
  | { readonly kind: "price"; readonly range: PriceRange; readonly orOrderNumber: string | null }
  | { readonly kind: "period"; readonly period: Period };

type ExactKind = "charge" | "payment_intent" | "customer" | "purchase";
type FreeKind = "email" | "name" | "order_number" | "last4" | "customer";

/**
 * What a person types: words that all must match, each somewhere in the purchase.
 *
 * - `app:total-typescript` only this app
 * - `ch_…`, `py_…` a charge; `pi_…` a payment intent; `cus_…` a customer of Stripe; `pur_…` a purchase
 * - `49.00`, `€49`, `49eur`, `amount:49`, `amount:10..50eur` what was paid
 * - `2026-11-01`, `2026-11`, `date:2026-11-01..2026-11-05`, `since:…`, `until:…` when, by UTC's calendar
 * - `email:`, `name:`, `order:`, `last4:`, `customer:` only there
 * - anything else: the start of an e-mail address or of a word of the name; a whole order number (with or without
 *   `#`); the customer's id in the app; the last four digits of a card. What has a digit, or a dot or `_` inside, is no name
 *
 * @throws RedressError `invalid_input` for an amount or a date that is none
 */
export function readSearchTerms(query: string): SearchTerm[] {
  const words = query.trim().split(/\s+/);
  return words.filter((word) => word !== "").map(readTerm);
}

const ids: readonly [RegExp, ExactKind][] = [
  [/^(ch|py)_\w+$/, "charge"],
  [/^pi_\w+$/, "payment_intent"],
  [/^cus_\w+$/, "customer"],
  [/^pur_\w+$/, "purchase"],
];
const everywhere: readonly FreeKind[] = ["email", "name", "order_number", "last4", "customer"];

function readTerm(word: string): SearchTerm {
  const [, prefix = "", value = ""] = /^([a-z0-9]+):(.+)$/i.exec(word) ?? [];
  const reader = Object.hasOwn(readers, prefix.toLowerCase()) ? readers[prefix.toLowerCase()] : undefined;
  if (reader) return reader(value);
  const id = ids.find(([form]) => form.test(word));
  if (id) return { kind: "exact", as: id[1], value: word };
  // A bare number is rather an order number, or a card's, than a year or a price.
  const isNumber = /^\d+$/.test(word);
  const period = isNumber ? null : readPeriod(word);
  if (period) return { kind: "period", period };
  const range = isNumber ? null : readPrice(word);
  if (range) return { kind: "price", range, orOrderNumber: word };
  return { kind: "free", word, as: everywhere };
}

const free = (as: FreeKind) => (word: string) => ({ kind: "free", word, as: [as] }) as const;

const readers: Readonly<Record<string, (value: string) => SearchTerm>> = {
  app: (slug) => ({ kind: "app", slug: slug.toLowerCase() }),
  email: free("email"),
  name: free("name"),
  order: free("order_number"),
  last4: free("last4"),
  card: free("last4"),
  customer: (value) =>
    value.startsWith("cus_") ? { kind: "exact", as: "customer", value } : free("customer")(value),
  amount: (value) => ({
    kind: "price",
    range: readPrice(value) ?? refuse(value, "an amount. Write it like 49.00, 49eur or 10..50eur"),
    orOrderNumber: null,
  }),
  date: (value) => ({ kind: "period", period: readPeriod(value) ?? noDate(value) }),
  since: (value) => ({
    kind: "period",
    period: { from: (readPeriod(value) ?? noDate(value)).from, until: null },
  }),
  until: (value) => ({
    kind: "period",
    period: { from: null, until: (readPeriod(value) ?? noDate(value)).until },
  }),
};

const noDate = (value: string) => refuse(value, "a date. Write it like 2026-11-01, 2026-11 or 2026");

function refuse(value: string, what: string): never {
  throw new RedressError("invalid_input", `"${value}" is not ${what}.`, {
    details: { fields: [{ field: "query", message: `"${value}" is not ${what}` }] },
  });
}
