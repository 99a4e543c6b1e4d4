import {
  apiKeys,
  apps,
  notifications,
  operators,
  portalLinks,
  purchases,
  type Queryable,
  refunds,
} from "@redress/database";
import { eq, inArray, type SQL } from "drizzle-orm";
import type { ActorView, RefundAccessStatus, RefundSummary } from "./refund-view.ts";

/** A refund with what surrounds it, as the views are made from it. */
export async function selectRefunds(
  database: Queryable,
  options: { where: SQL | undefined; orderBy: SQL[]; limit: number },
) {
  return database
    .select({
      refund: refunds,
      app: { id: apps.id, slug: apps.slug, name: apps.name },
      customerEmail: purchases.customerEmail,
      customerName: purchases.customerName,
      productName: purchases.productName,
      applicationFee: purchases.applicationFee,
    })
    .from(refunds)
    .innerJoin(purchases, eq(purchases.id, refunds.purchaseId))
    .innerJoin(apps, eq(apps.id, refunds.appId))
    .where(options.where)
    .orderBy(...options.orderBy)
    .limit(options.limit);
}

export type RefundWithContext = Awaited<ReturnType<typeof selectRefunds>>[number];

/** Makes summaries of many refunds with two more queries, however many they are. */
export async function summarize(
  database: Queryable,
  rows: readonly RefundWithContext[],
): Promise<RefundSummary[]> {
  const access = await accessStatuses(
    database,
    rows.map(({ refund }) => refund.id),
  );
  const names = await actorNames(
    database,
    rows.map(({ refund }) => refund.requestedById),
  );
  return rows.map(({ refund, app, customerEmail, customerName, productName }) => ({
    id: refund.id,
    app,
    purchaseId: refund.purchaseId,
    customerEmail,
    customerName,
    productName,
    amount: refund.amount,
    currency: refund.currency,
    reason: refund.reason,
    note: refund.note,
    ticketUrl: refund.ticketUrl,
    status: refund.status,
    origin: refund.origin,
    requestedBy: actorView(names, refund.requestedByKind, refund.requestedById),
    requestedAt: refund.requestedAt,
    approversNeeded: refund.approversNeeded,
    expiresAt: refund.expiresAt,
    settledAt: refund.settledAt,
    stripeRefundId: refund.stripeRefundId,
    outcomeUnknown: refund.outcomeUnknown,
    nextAttemptAt: refund.nextAttemptAt,
    refusedCode: refund.refusedCode,
    refusedMessage: refund.refusedMessage,
    failureReason: refund.failureReason,
    blockedCode: refund.blockedCode,
    accessStatus: access.get(refund.id) ?? "none",
  }));
}

/** Names of those ids that are people's, agents' keys' or developers' links'. */
export async function actorNames(
  database: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const sought = [...new Set(ids)];
  const people = database
    .select({ id: operators.id, name: operators.name })
    .from(operators)
    .where(inArray(operators.id, sought));
  const keys = database
    .select({ id: apiKeys.id, name: apiKeys.name })
    .from(apiKeys)
    .where(inArray(apiKeys.id, sought));
  const links = database
    .select({ id: portalLinks.id, name: portalLinks.name })
    .from(portalLinks)
    .where(inArray(portalLinks.id, sought));
  const rows = await people.unionAll(keys).unionAll(links);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export function actorView(
  names: ReadonlyMap<string, string>,
  kind: ActorView["kind"],
  id: string,
): ActorView {
  const isNamed = kind === "operator" || kind === "agent" || kind === "portal_link";
  return { kind, id, name: isNamed ? (names.get(id) ?? null) : null };
}

const accessOfNotification: Readonly<
  Record<(typeof notifications.$inferSelect)["status"], RefundAccessStatus>
> = {
  pending: "told",
  received: "told",
  done: "done",
  declined: "declined",
  dead: "failed",
  // Nobody was told yet, or a newer message says it.
  unaddressed: "none",
  overtaken: "none",
};

async function accessStatuses(
  database: Queryable,
  refundIds: readonly string[],
): Promise<ReadonlyMap<string, RefundAccessStatus>> {
  if (refundIds.length === 0) return new Map();
  const rows = await database
    .select({
      refundId: notifications.refundId,
      status: notifications.status,
      access: notifications.access,
    })
    .from(notifications)
    .where(inArray(notifications.refundId, [...refundIds]))
    .orderBy(notifications.sequence);
  // Later messages replace earlier ones; those that leave access alone say nothing about it.
  return new Map(
    rows.flatMap(({ refundId, status, access }): [string, RefundAccessStatus][] =>
      refundId === null || access === "keep" ? [] : [[refundId, accessOfNotification[status]]],
    ),
  );
}
