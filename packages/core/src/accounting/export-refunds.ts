import { apiKeys, approvals, apps, operators, purchases, refundMovements, refunds } from "@redress/database";
import { and, asc, eq, gte, inArray, lt, ne, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { csvLine } from "../csv-cell.ts";
import type { Dependencies } from "../dependencies.ts";
import { exportColumns, type Movement } from "./export-columns.ts";

const pageSize = 1_000;

/** Which movements are wanted. */
export interface RefundExport {
  readonly appIds: readonly string[] | "all";
  /** In UTC, e.g. `2026-11`: when Stripe booked it. */
  readonly month?: string | undefined;
  /** Of the refund, in lower case. */
  readonly currency?: string | undefined;
}

export const exportMonth = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, "must be a month such as 2026-11");
export const exportCurrency = z.string().regex(/^[a-z]{3}$/, "must be a lower-case currency such as eur");

/**
 * What moved money, as CSV, oldest first: a line for each refund that Stripe has, and another for one that came back.
 * In pieces of a thousand lines, so that memory stays flat however many there are.
 */
export async function* exportRefunds(
  { database }: Pick<Dependencies, "database">,
  input: RefundExport,
): AsyncGenerator<string, void, undefined> {
  yield csvLine(exportColumns.map(({ name }) => name));
  for (let last: Movement | undefined; ; ) {
    const rows = await readPage(database, input, last);
    if (rows.length > 0) {
      yield rows.map((row) => csvLine(exportColumns.map(({ of }) => of(row)))).join("");
    }
    last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
  }
}

const deciders = alias(operators, "deciders");

/**
 * Those who approved before the last one did: in the asking that led to the approval, or of the list where the refund
 * rests on that (as in `refunds/fallen-approver.ts`).
 */
const endorsers = sql<string | null>`(
  select string_agg(person.name, '; ' order by given.endorsed_at, given.operator_id)
  from (
    select operator_id, endorsed_at from approval_endorsements
      where refund_id = ${refunds.id} and asking = ${refunds.asking} and taken_back_at is null
    union all
    select operator_id, endorsed_at from bulk_refund_endorsements
      where bulk_refund_id = ${refunds.bulkRefundId} and ${refunds.asking} = 0
  ) as given join operators as person on person.id = given.operator_id
  where given.operator_id <> ${approvals.decidedById})`;

function readPage(
  database: Dependencies["database"],
  input: RefundExport,
  last: Movement | undefined,
): Promise<Movement[]> {
  return database
    .select({
      movement: refundMovements,
      refund: refunds,
      app: apps.slug,
      product: purchases.productName,
      orderNumber: purchases.orderNumber,
      requester: sql<string | null>`coalesce(${operators.name}, ${apiKeys.name})`,
      decidedAt: approvals.decidedAt,
      decidedByKind: approvals.decidedByKind,
      decider: deciders.name,
      endorsers,
    })
    .from(refundMovements)
    .innerJoin(refunds, eq(refunds.id, refundMovements.refundId))
    .innerJoin(purchases, eq(purchases.id, refunds.purchaseId))
    .innerJoin(apps, eq(apps.id, refundMovements.appId))
    .leftJoin(approvals, eq(approvals.id, refunds.approvalId))
    .leftJoin(operators, eq(operators.id, refunds.requestedById))
    .leftJoin(apiKeys, eq(apiKeys.id, refunds.requestedById))
    .leftJoin(deciders, eq(deciders.id, approvals.decidedById))
    .where(and(...conditionsOf(input), ne(refundMovements.state, "none"), after(last)))
    .orderBy(asc(refundMovements.bookedAt), asc(refundMovements.refundId), asc(refundMovements.kind))
    .limit(pageSize);
}

function conditionsOf({ appIds, month, currency }: RefundExport): (SQL | undefined)[] {
  const [year = 0, number = 0] = (month ?? "").split("-").map(Number);
  return [
    appIds === "all" ? undefined : inArray(refundMovements.appId, [...appIds]),
    currency === undefined ? undefined : eq(refundMovements.currency, currency),
    month === undefined ? undefined : gte(refundMovements.bookedAt, new Date(Date.UTC(year, number - 1))),
    month === undefined ? undefined : lt(refundMovements.bookedAt, new Date(Date.UTC(year, number))),
  ];
}

function after(last: Movement | undefined): SQL | undefined {
  if (last === undefined) return undefined;
  const { bookedAt, refundId, kind } = last.movement;
  return sql`(${refundMovements.bookedAt}, ${refundMovements.refundId}, ${refundMovements.kind})
    > (${bookedAt.toISOString()}::timestamptz, ${refundId}, ${kind})`;
}
