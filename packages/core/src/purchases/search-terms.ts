import { apps, purchases } from "@redress/database";
import { and, eq, like, or, type SQL, sql } from "drizzle-orm";

/**
 * What a person types, as a condition: words that all must match, each somewhere in the purchase. Each kind
 * of match is one that an index answers.
 *
 * - `app:total-typescript` only this app
 * - `ch_…`, `py_…` a charge; `pi_…` a payment intent
 * - anything else: the start of an e-mail address or of a word of the name; a whole order number (with or
 *   without `#`); the last four digits of a card
 */
export function searchCondition(query: string): SQL | undefined {
  const words = query
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
  return and(...words.map(wordCondition));
}

function wordCondition(word: string): SQL | undefined {
  const slug = /^app:(.+)$/i.exec(word)?.[1];
  if (slug !== undefined) return eq(apps.slug, slug.toLowerCase());
  if (/^(ch|py)_\w+$/.test(word)) return eq(purchases.stripeChargeId, word);
  if (/^pi_\w+$/.test(word)) return eq(purchases.stripePaymentIntentId, word);
  const orderNumber = word.replace(/^#/, "");
  const spellings = new Set([orderNumber, orderNumber.toUpperCase(), orderNumber.toLowerCase(), word]);
  return or(
    like(sql`lower(${purchases.customerEmail})`, startingWith(word)),
    ...[...spellings].map((spelling) => eq(purchases.orderNumber, spelling)),
    /^\d{4}$/.test(word) ? eq(purchases.paymentMethodLast4, word) : undefined,
    nameCondition(word),
  );
}

/** Matches the start of any word of the name, through the index `purchases_name_words`. */
function nameCondition(word: string): SQL | undefined {
  // What to_tsvector takes for letters of a word; anything else would be read as an operator.
  const lexemes = word
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((part) => part !== "");
  if (lexemes.length === 0 || word.includes("@")) return undefined;
  const sought = lexemes.map((lexeme) => `${lexeme}:*`).join(" & ");
  return sql`to_tsvector('simple', ${purchases.customerName}) @@ to_tsquery('simple', ${sought})`;
}

function startingWith(text: string): string {
  return `${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
}
