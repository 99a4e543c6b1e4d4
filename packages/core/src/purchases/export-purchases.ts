import { type CsvValue, csvLine } from "../csv-cell.ts";
import type { Dependencies } from "../dependencies.ts";
import { decimalOf } from "../money.ts";
import { type PurchaseWithApp, sumRefunds } from "./purchase-view.ts";
import { type PurchasePlace, placeOfPurchase, selectNewest } from "./search-purchases.ts";
import type { SearchTerm } from "./search-terms.ts";

const pageSize = 1_000;

/** A purchase with what its refunds sum to. */
interface ExportRow extends PurchaseWithApp {
  readonly refunded: number;
  readonly left: number;
}

interface Column {
  readonly name: string;
  readonly of: (row: ExportRow) => CsvValue;
}

/** The columns in their order. New ones are added at the end, so that what reads the file goes on reading it. */
const columns: readonly Column[] = [
  { name: "purchase_id", of: ({ purchase }) => purchase.id },
  { name: "app", of: ({ app }) => app.slug },
  { name: "purchased_at", of: ({ purchase }) => purchase.purchasedAt },
  { name: "customer_name", of: ({ purchase }) => purchase.customerName },
  { name: "customer_email", of: ({ purchase }) => purchase.customerEmail },
  { name: "app_customer_id", of: ({ purchase }) => purchase.appCustomerId },
  { name: "product", of: ({ purchase }) => purchase.productName },
  { name: "order_number", of: ({ purchase }) => purchase.orderNumber },
  { name: "currency", of: ({ purchase }) => purchase.currency },
  ...money("paid", ({ purchase }) => purchase.amountCaptured),
  ...money("refunded", ({ refunded }) => refunded),
  ...money("left", ({ left }) => left),
  { name: "access", of: ({ purchase }) => purchase.access },
  { name: "dispute_status", of: ({ purchase }) => purchase.disputeStatus },
  { name: "payment_method", of: ({ purchase }) => purchase.paymentMethodBrand },
  { name: "last4", of: ({ purchase }) => purchase.paymentMethodLast4 },
  { name: "stripe_account_id", of: ({ purchase }) => purchase.stripeAccountId },
  { name: "stripe_charge_id", of: ({ purchase }) => purchase.stripeChargeId },
  { name: "stripe_payment_intent_id", of: ({ purchase }) => purchase.stripePaymentIntentId },
  { name: "stripe_customer_id", of: ({ purchase }) => purchase.stripeCustomerId },
];

/** An amount twice: in the smallest unit, which is exact for programs, and as a decimal, which is read by people. */
function money(name: string, of: (row: ExportRow) => number): Column[] {
  return [
    { name: `${name}_minor`, of },
    { name, of: (row) => decimalOf({ amount: of(row), currency: row.purchase.currency }) },
  ];
}

/**
 * Purchases that all terms match, as CSV in the order of the list, newest first. In pieces of a thousand lines, so that
 * memory stays flat however many there are.
 *
 * @param input.terms see `readSearchTerms`; none gives all
 */
export async function* exportPurchases(
  { database }: Pick<Dependencies, "database">,
  input: { appIds: readonly string[] | "all"; terms: readonly SearchTerm[] },
): AsyncGenerator<string, void, undefined> {
  yield csvLine(columns.map(({ name }) => name));
  for (let after: PurchasePlace | undefined; ; ) {
    const rows = await selectNewest(database, { ...input, after, limit: pageSize });
    const last = rows.at(-1);
    if (last === undefined) return;
    const sums = await sumRefunds(
      database,
      rows.map(({ purchase }) => purchase.id),
    );
    yield rows.map((row) => lineOf(row, sums.get(row.purchase.id))).join("");
    if (rows.length < pageSize) return;
    after = placeOfPurchase(last.purchase);
  }
}

function lineOf(row: PurchaseWithApp, sums: { held: number; refunded: number } | undefined): string {
  const { held, refunded } = sums ?? { held: 0, refunded: 0 };
  const left = Math.max(0, row.purchase.amountCaptured - held);
  return csvLine(columns.map(({ of }) => of({ ...row, refunded, left })));
}
