import { purchases } from "@redress/database";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { isRedressError } from "../errors.ts";
import { permittedApps } from "../operators/permissions.ts";
import { getPurchase } from "../purchases/get-purchase.ts";
import type { PurchaseDetail } from "../purchases/purchase-view.ts";
import { searchPurchases } from "../purchases/search-purchases.ts";
import { getRefundPolicy, type RefundPolicyAnswer } from "../tools/refund-policy.ts";
import type { EmbedVisit } from "./visit-embed.ts";

/** Beside a ticket there is room for so many. */
export const mostShown = 10;

/** One purchase of the customer, with what would become of a full refund. */
export interface PanelPurchase {
  readonly purchase: PurchaseDetail;
  /** Whether nothing but the address led to it, which anybody may write a ticket from or type at a checkout. */
  readonly unverified: boolean;
  readonly outlook: Outlook;
}

/** What would become of a full refund that the visitor asked for now; `none`: nothing can be asked for. */
export type Outlook =
  | { readonly kind: "judged"; readonly policy: RefundPolicyAnswer; readonly mayAsk: boolean }
  | { readonly kind: "none"; readonly why: string };

/**
 * The purchases under the customer's address that the visitor may see, the newest first, each with its verdict.
 *
 * @param proof what the customer told beside the address: an order number, a card's last digits, an amount or a day
 * @returns `more`: there are older ones
 * @throws RedressError `invalid_input` for an amount or a date that is none
 */
export async function readPanel(
  dependencies: Dependencies,
  visit: EmbedVisit,
  { proof }: { proof: string },
): Promise<{ found: PanelPurchase[]; more: boolean }> {
  const rows = await dependencies.database
    .select({ id: purchases.id })
    .from(purchases)
    .where(
      and(
        eq(sql`lower(${purchases.customerEmail})`, visit.claims.email),
        visit.appIds === "all" ? undefined : inArray(purchases.appId, [...visit.appIds]),
      ),
    )
    .orderBy(desc(purchases.purchasedAt), desc(purchases.id))
    .limit(mostShown + 1);
  const proven = await provenBy(dependencies, visit, proof);
  const found: PanelPurchase[] = [];
  for (const { id } of rows.slice(0, mostShown)) {
    const purchase = await getPurchase(dependencies, { purchaseId: id });
    const outlook = await foresee(dependencies, visit, purchase);
    found.push({ purchase, unverified: !proven.has(id), outlook });
  }
  return { found, more: rows.length > mostShown };
}

/** As the search tells them apart: those that something besides the address leads to. */
async function provenBy(
  dependencies: Dependencies,
  { claims, appIds }: EmbedVisit,
  proof: string,
): Promise<ReadonlySet<string>> {
  if (proof.trim() === "") return new Set();
  const query = `email:${claims.email} ${proof}`;
  const { purchases: matching } = await searchPurchases(dependencies, { appIds, query, limit: 100 });
  return new Set(matching.flatMap(({ id, unverified }) => (unverified ? [] : [id])));
}

/** What would become of a full refund of one purchase. */
export async function foresee(
  dependencies: Dependencies,
  { operator, grants }: EmbedVisit,
  purchase: PurchaseDetail,
): Promise<Outlook> {
  const requester = { kind: "operator", id: operator.id } as const;
  try {
    const policy = await getRefundPolicy(dependencies, { purchaseId: purchase.id }, { requester });
    const apps = permittedApps(grants, "refunds.request");
    return { kind: "judged", policy, mayAsk: apps === "all" || apps.includes(purchase.app.id) };
  } catch (error) {
    if (isRedressError(error)) return { kind: "none", why: error.message };
    throw error;
  }
}
