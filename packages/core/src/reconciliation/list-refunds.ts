import { purchaseImports, refunds } from "@redress/database";
import { and, desc, eq, inArray } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { SettleSource } from "../refunds/confirm-refund.ts";
import { readStripeRefund, type StripeRefundSnapshot } from "../refunds/stripe-refund.ts";
import { compareApart } from "./compare-apart.ts";
import { compareRefund } from "./compare-refund.ts";
import type { RunRow } from "./run.ts";
import type { StepResult } from "./step.ts";

/** Stripe: a refund that succeeded may fail for about 30 days. */
export const unsettledForMs = 35 * 24 * 60 * 60 * 1000;
/** Stripe's largest page. */
export const largestPage = 100;

/**
 * From when on refunds are listed: since the last run, and at least what may still change. A page answers
 * for a hundred of them, which asked one by one would be a hundred requests.
 */
export function listedFrom({ since, until }: Pick<RunRow, "since" | "until">): Date {
  return new Date(Math.min(since.getTime(), until.getTime() - unsettledForMs));
}

/** Stripe's filter, in whole seconds since 1970. */
export function createdBetween(from: Date, until: Date): { gte: number; lte: number } {
  return { gte: Math.max(0, Math.floor(from.getTime() / 1000)), lte: Math.ceil(until.getTime() / 1000) };
}

/**
 * One page of the account's refunds held against our rows: Stripe's lists are newest first, and of two that
 * carry our metadata the older is ours.
 */
export async function listRefundsStep(dependencies: Dependencies, run: RunRow): Promise<StepResult> {
  const from = listedFrom(run);
  const page = await dependencies.stripe.refunds.list(
    {
      limit: largestPage,
      created: createdBetween(from, run.until),
      ...(run.cursor === null ? {} : { starting_after: run.cursor }),
    },
    { stripeAccount: run.stripeAccountId },
  );
  const source = await sourceFor(dependencies, run);
  let requests = 1;
  for (const stripeRefund of await onlyNews(dependencies, run, page.data.toReversed())) {
    requests += await compareApart(dependencies, run, stripeRefund.id, () =>
      compareRefund(dependencies, run, { stripeRefund, source }),
    );
  }
  const last = page.data.at(-1);
  return {
    cursor: page.has_more && last ? last.id : null,
    counts: { refundsListed: page.data.length },
    requests,
    reachedAt: last ? new Date(last.created * 1000) : from,
  };
}

/**
 * Before the import of a new connection is through, a refund that we do not have is its history: the app
 * is not told of it.
 */
async function sourceFor({ database }: Dependencies, run: RunRow): Promise<SettleSource> {
  const [newest] = await database
    .select({ status: purchaseImports.status })
    .from(purchaseImports)
    .where(eq(purchaseImports.appId, run.appId))
    .orderBy(desc(purchaseImports.startedAt))
    .limit(1);
  return newest?.status === "running" || newest?.status === "failed" ? "import" : "reconciliation";
}

/** One look at our rows leaves out the many that are as Stripe says. */
async function onlyNews(
  { database }: Dependencies,
  run: RunRow,
  page: readonly { id: string }[],
): Promise<{ id: string }[]> {
  if (page.length === 0) return [];
  const ids = page.map(({ id }) => id);
  const rows = await database
    .select()
    .from(refunds)
    .where(and(eq(refunds.stripeAccountId, run.stripeAccountId), inArray(refunds.stripeRefundId, ids)));
  const known = new Map(rows.map((row) => [row.stripeRefundId, row]));
  return page.filter((stripeRefund) => {
    const snapshot = readStripeRefund(stripeRefund);
    const row = known.get(stripeRefund.id);
    return snapshot !== null && !(row !== undefined && agrees(row, snapshot));
  });
}

function agrees(row: typeof refunds.$inferSelect, snapshot: StripeRefundSnapshot): boolean {
  return (
    row.status === snapshot.status &&
    (snapshot.bankReference === null || row.bankReference !== null) &&
    (snapshot.failureReason === null || row.failureReason !== null)
  );
}
