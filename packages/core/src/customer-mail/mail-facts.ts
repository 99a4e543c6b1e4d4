import { formatMoney } from "../money.ts";
import type { AppRow, PurchaseRow, RefundRow } from "../refunds/refund-row.ts";
import type { TemplateValues } from "./template.ts";

/** What a template can say of this refund. */
export function valuesOf(facts: {
  app: Pick<AppRow, "name" | "customerMailLocale">;
  purchase: Pick<PurchaseRow, "customerName" | "productName" | "description" | "orderNumber">;
  refund: Pick<RefundRow, "id" | "amount" | "currency">;
  at: Date;
}): TemplateValues {
  const { app, purchase, refund, at } = facts;
  const locale = app.customerMailLocale;
  return {
    customer_name: customerName(purchase.customerName),
    amount: formatMoney(refund, locale),
    app: app.name,
    product: purchase.productName ?? purchase.description,
    order_number: purchase.orderNumber,
    reference: refund.id,
    date: new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(at),
  };
}

/**
 * Who pays types their name, and perhaps another's address: a name with a link in it would have the desk send
 * advertising to strangers.
 */
function customerName(name: string | null): string | null {
  const text = name?.trim() ?? "";
  return text === "" || text.length > 100 || /[:/@<>\\]|\bwww\.|\.\p{L}{2,}/iu.test(text) ? null : text;
}
