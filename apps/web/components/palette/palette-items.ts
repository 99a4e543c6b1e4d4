import { formatMoney } from "@redress/core/money";
import type { PaletteCandidate } from "./find-purchases.ts";

/** A page by name, as the server lets this person open it. */
export interface PalettePlace {
  readonly href: string;
  readonly label: string;
  /** Pressed after G it leads there. */
  readonly key?: string | undefined;
}

/** One line of the palette: where it leads, and what is said of it. */
export interface PaletteItem {
  readonly href: string;
  readonly label: string;
  readonly hint: string;
  /** Stands at the right: an amount, or the keys that lead there. */
  readonly right: string;
}

/** What has become of the search: nothing was asked, under way, answered, or the desk did not answer. */
export type FindState = "idle" | "looking" | "done" | "failed";

const idPages: readonly [RegExp, (id: string) => string, string][] = [
  [/^rfd_\w+$/, (id) => `/refunds/${id}`, "Refund"],
  [/^blk_\w+$/, (id) => `/bulk-refunds/${id}`, "Bulk refund"],
  [/^dlv_\w+$/, (id) => `/deliveries/${id}`, "Delivery"],
];

/** Pages whose name has what was typed, or what an id that was pasted belongs to. */
export function placeItems(places: readonly PalettePlace[], typed: string): PaletteItem[] {
  const words = typed.trim().toLowerCase();
  for (const [shape, page, label] of idPages) {
    if (shape.test(words)) return [{ href: page(words), label, hint: words, right: "" }];
  }
  return places
    .filter(({ label }) => label.toLowerCase().includes(words))
    .map(({ href, label, key }) => ({
      href,
      label,
      hint: "",
      right: key ? `G ${key.toUpperCase()}` : "",
    }));
}

export function purchaseItem(purchase: PaletteCandidate): PaletteItem {
  const { id, customerName, customerEmail, productName, app, amountCaptured, currency } = purchase;
  const money = formatMoney({ amount: amountCaptured, currency });
  return {
    href: `/purchases/${id}`,
    label: customerName ?? customerEmail ?? "No name",
    hint: [customerName && customerEmail, productName, app.name].filter(Boolean).join(" · "),
    right: [money, whatBecame(purchase)].filter(Boolean).join(", "),
  };
}

/** A request that waits is no refund yet: whoever is on the phone would say so. */
function whatBecame({ amountCaptured, amountLeft, amountRefunded }: PaletteCandidate): string {
  if (amountRefunded >= amountCaptured && amountRefunded > 0) return "refunded";
  if (amountRefunded > 0) return "partly refunded";
  return amountLeft < amountCaptured ? "refund open" : "";
}
