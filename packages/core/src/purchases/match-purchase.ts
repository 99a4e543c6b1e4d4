import type { purchases } from "@redress/database";
import { mayBeName, nameWords, orderSpellings } from "./search-condition.ts";
import type { MatchKind, SearchTerm } from "./search-terms.ts";

type PurchaseRow = typeof purchases.$inferSelect;

/** What of a purchase answered a search. */
export interface PurchaseMatch {
  /** In the order in which kinds are listed; empty where nothing was searched for. */
  readonly matchedBy: readonly MatchKind[];
  /**
   * Found by e-mail address or name alone, which anybody may know or type at a checkout: that the purchase belongs to
   * who asks is not shown yet. An order number, a card's last digits, the amount or the day would show it.
   */
  readonly unverified: boolean;
}

/** Says by what a purchase that was found matches the terms. */
export function matchPurchase(row: PurchaseRow, terms: readonly SearchTerm[]): PurchaseMatch {
  const matchedBy = [...new Set(terms.flatMap((term) => kindsOf(row, term)))];
  const unverified = matchedBy.length > 0 && matchedBy.every((kind) => kind === "email" || kind === "name");
  return { matchedBy, unverified };
}

function kindsOf(row: PurchaseRow, term: SearchTerm): MatchKind[] {
  switch (term.kind) {
    case "app":
      return [];
    case "exact":
      return [term.as];
    case "period":
      return ["date"];
    case "price":
      return [isOrder(row, term.orOrderNumber) ? "order_number" : "amount"];
    case "free":
      return freeKinds(row, term);
  }
}

function freeKinds(row: PurchaseRow, { word, as }: Extract<SearchTerm, { kind: "free" }>): MatchKind[] {
  const sought = nameWords(word);
  const named = nameWords(row.customerName ?? "");
  const found: Record<(typeof as)[number], boolean> = {
    email: row.customerEmail?.toLowerCase().startsWith(word.toLowerCase()) ?? false,
    name:
      sought.length > 0 &&
      mayBeName({ word, as }) &&
      sought.every((start) => named.some((one) => one.startsWith(start))),
    order_number: isOrder(row, word),
    last4: row.paymentMethodLast4 === word,
    customer: row.appCustomerId === word,
  };
  return as.filter((kind) => found[kind]);
}

const isOrder = ({ orderNumber }: PurchaseRow, word: string | null) =>
  word !== null && orderNumber !== null && orderSpellings(word).includes(orderNumber);
