import {
  apps,
  liveRefundStatuses,
  type ProposalStatus,
  purchases,
  type Queryable,
  refundProposals,
  refunds,
} from "@redress/database";
import { and, desc, eq, getTableColumns, inArray, type SQL, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { readCursor, writeCursor } from "../page-cursor.ts";

/** A proposed refund, with what it is about. Amounts are in the currency's smallest unit. */
export interface ProposalView {
  readonly id: string;
  readonly app: { readonly id: string; readonly slug: string; readonly name: string };
  readonly purchaseId: string;
  readonly customerName: string | null;
  readonly customerEmail: string | null;
  readonly stripeWarningId: string;
  /** Stripe's word, e.g. `made_with_stolen_card`. */
  readonly fraudType: string;
  readonly status: ProposalStatus;
  /** What would be asked for now. */
  readonly amountLeft: number;
  readonly currency: string;
  readonly refundId: string | null;
  readonly createdAt: Date;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
}

interface Which {
  readonly appIds: readonly string[] | "all";
  readonly purchaseId?: string | undefined;
  /** `open`: only those on which a refund can be asked for now. */
  readonly status?: ProposalStatus | undefined;
}

const amountLeft = sql`greatest(0, ${purchases.amountCaptured} - (
  select coalesce(sum(${refunds.amount}), 0) from ${refunds}
  where ${refunds.purchaseId} = ${purchases.id} and ${refunds.status} in ${liveRefundStatuses}))`;

/**
 * Proposed refunds of the given apps, newest first.
 *
 * @param input.status all unless told
 * @param input.limit 1–100; 50 unless told
 * @param input.cursor `nextCursor` of the page before
 * @throws RedressError `invalid_input` for a cursor that is none
 */
export async function listProposals(
  { database }: Pick<Dependencies, "database">,
  input: Which & { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ proposals: ProposalView[]; nextCursor: string | null }> {
  const limit = Math.min(100, Math.max(1, input.limit ?? 50));
  const after = input.cursor === undefined ? undefined : readCursor(input.cursor);
  const { createdAt, id } = refundProposals;
  const rows = await selectProposals(
    database,
    and(which(input), after && sql`(${createdAt}, ${id}) < (${after.at}::timestamptz, ${after.id})`),
  )
    .orderBy(desc(createdAt), desc(id))
    .limit(limit + 1);
  const proposals = rows.slice(0, limit);
  const last = rows.length > limit ? proposals.at(-1) : undefined;
  return { proposals, nextCursor: last ? writeCursor({ at: last.createdAt, id: last.id }) : null };
}

/** How many wait for a person: for a number beside a link. */
export async function countOpenProposals(
  { database }: Pick<Dependencies, "database">,
  { appIds }: Pick<Which, "appIds">,
): Promise<number> {
  const [row] = await database
    .select({ count: sql`count(*)`.mapWith(Number) })
    .from(refundProposals)
    .innerJoin(purchases, eq(purchases.id, refundProposals.purchaseId))
    .where(which({ appIds, status: "open" }));
  return row?.count ?? 0;
}

function selectProposals(database: Queryable, where: SQL | undefined) {
  return database
    .select({
      ...getTableColumns(refundProposals),
      app: { id: apps.id, slug: apps.slug, name: apps.name },
      customerName: purchases.customerName,
      customerEmail: purchases.customerEmail,
      amountLeft: amountLeft.mapWith(Number),
      currency: purchases.currency,
    })
    .from(refundProposals)
    .innerJoin(purchases, eq(purchases.id, refundProposals.purchaseId))
    .innerJoin(apps, eq(apps.id, purchases.appId))
    .where(where)
    .$dynamic();
}

function which({ appIds, purchaseId, status }: Which): SQL | undefined {
  return and(
    appIds === "all" ? undefined : inArray(purchases.appId, [...appIds]),
    purchaseId === undefined ? undefined : eq(refundProposals.purchaseId, purchaseId),
    status === undefined ? undefined : eq(refundProposals.status, status),
    status === "open" ? sql`not ${purchases.refundsBlockedByDispute} and ${amountLeft} > 0` : undefined,
  );
}
