import { type BulkItemStatus, bulkRefundItems, purchases, refunds } from "@redress/database";
import { and, asc, eq, gt, inArray } from "drizzle-orm";
import { csvLine } from "../csv-cell.ts";
import type { Dependencies } from "../dependencies.ts";

/** A line of a list, with what became of it. Amounts in the currency's smallest unit. */
export type BulkLine = Awaited<ReturnType<typeof selectLines>>[number];

/**
 * Lines of a list, in their order.
 *
 * @param input.after the last position of the page before; 0 for the first page
 * @param input.limit 1 to 500, 100 unless told
 */
export async function listItems(
  dependencies: Pick<Dependencies, "database">,
  input: {
    bulkRefundId: string;
    statuses?: readonly BulkItemStatus[] | undefined;
    after?: number | undefined;
    limit?: number | undefined;
  },
): Promise<{ items: BulkLine[]; nextAfter: number | null }> {
  const limit = Math.min(500, Math.max(1, input.limit ?? 100));
  const rows = await selectLines(dependencies, { ...input, after: input.after ?? 0, limit: limit + 1 });
  const items = rows.slice(0, limit);
  return { items, nextAfter: rows.length > limit ? (items.at(-1)?.position ?? null) : null };
}

function selectLines(
  { database }: Pick<Dependencies, "database">,
  page: {
    bulkRefundId: string;
    statuses?: readonly BulkItemStatus[] | undefined;
    after: number;
    limit: number;
  },
) {
  const {
    position,
    handle,
    foundPurchaseId: purchaseId,
    amount,
    currency,
    status,
    code,
    explanation,
  } = bulkRefundItems;
  return database
    .select({
      ...{ position, handle, purchaseId, amount, currency, status, code, explanation },
      charge: purchases.stripeChargeId,
      orderNumber: purchases.orderNumber,
      customerEmail: purchases.customerEmail,
      productName: purchases.productName,
      refundId: refunds.id,
      refundStatus: refunds.status,
      stripeRefundId: refunds.stripeRefundId,
      bankReference: refunds.bankReference,
      failureReason: refunds.failureReason,
      refusedCode: refunds.refusedCode,
    })
    .from(bulkRefundItems)
    .leftJoin(purchases, eq(purchases.id, purchaseId))
    .leftJoin(
      refunds,
      and(
        eq(refunds.bulkRefundId, bulkRefundItems.bulkRefundId),
        eq(refunds.purchaseId, bulkRefundItems.purchaseId),
      ),
    )
    .where(
      and(
        eq(bulkRefundItems.bulkRefundId, page.bulkRefundId),
        gt(position, page.after),
        page.statuses === undefined ? undefined : inArray(status, [...page.statuses]),
      ),
    )
    .orderBy(asc(position))
    .limit(page.limit);
}

const columns = [
  "position",
  "handle",
  "status",
  "code",
  "explanation",
  "purchaseId",
  "charge",
  "orderNumber",
  "customerEmail",
  "productName",
  "amount",
  "currency",
  "refundId",
  "refundStatus",
  "stripeRefundId",
  "bankReference",
  "failureReason",
  "refusedCode",
] as const satisfies readonly (keyof BulkLine)[];

/** The result of a list as CSV, piece by piece: every line with what became of it, as it is at that moment. */
export async function* exportResult(
  dependencies: Pick<Dependencies, "database">,
  { bulkRefundId }: { bulkRefundId: string },
): AsyncGenerator<string> {
  yield csvLine(columns);
  let after: number | null = 0;
  while (after !== null) {
    const page: Awaited<ReturnType<typeof listItems>> = await listItems(dependencies, {
      ...{ bulkRefundId, after, limit: 500 },
    });
    yield page.items.map((line) => csvLine(columns.map((column) => line[column]))).join("");
    after = page.nextAfter;
  }
}
