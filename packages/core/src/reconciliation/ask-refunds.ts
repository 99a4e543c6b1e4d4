import { refunds } from "@redress/database";
import { and, asc, count, eq, gt, gte, inArray, isNotNull, or, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import { compareApart } from "./compare-apart.ts";
import { compareRefund } from "./compare-refund.ts";
import { listedFrom, unsettledForMs } from "./list-refunds.ts";
import { recordDrift } from "./record-drift.ts";
import type { RunRow } from "./run.ts";
import type { StepResult } from "./step.ts";

const clockSkewMs = 5 * 60 * 1000;
const requestsPerStep = 5;

/**
 * Asks for refunds that were made before those that were listed and that are not final, or have been for
 * a short time only: one by one, since there are few.
 */
export async function askRefundsStep(dependencies: Dependencies, run: RunRow): Promise<StepResult> {
  const rows = await dependencies.database
    .select({
      id: refunds.id,
      appId: refunds.appId,
      stripeRefundId: refunds.stripeRefundId,
      status: refunds.status,
    })
    .from(refunds)
    .where(and(isOlderAndOpen(run), run.cursor === null ? undefined : gt(refunds.id, run.cursor)))
    .orderBy(asc(refunds.id))
    .limit(requestsPerStep);
  let requests = 0;
  for (const row of rows) {
    requests += await compareApart(dependencies, run, row.stripeRefundId ?? row.id, () =>
      askOne(dependencies, run, row),
    );
  }
  return {
    cursor: rows.length === requestsPerStep ? (rows.at(-1)?.id ?? null) : null,
    counts: { refundsAsked: rows.length },
    requests,
  };
}

/** How many are left to ask. */
export async function leftToAsk({ database }: Pick<Dependencies, "database">, run: RunRow): Promise<number> {
  const [row] = await database
    .select({ left: count() })
    .from(refunds)
    .where(and(isOlderAndOpen(run), run.cursor === null ? undefined : gt(refunds.id, run.cursor)));
  return row?.left ?? 0;
}

function isOlderAndOpen(run: RunRow) {
  const listed = new Date(listedFrom(run).getTime() + clockSkewMs);
  const unsettledSince = new Date(run.until.getTime() - unsettledForMs);
  return and(
    eq(refunds.appId, run.appId),
    eq(refunds.stripeAccountId, run.stripeAccountId),
    isNotNull(refunds.stripeRefundId),
    sql`coalesce(${refunds.firstAttemptAt}, ${refunds.requestedAt}) < ${listed.toISOString()}::timestamptz`,
    or(
      inArray(refunds.status, ["pending", "requires_action"]),
      and(eq(refunds.status, "succeeded"), gte(refunds.settledAt, unsettledSince)),
    ),
  );
}

/**
 * Asks for one refund that we name.
 *
 * @returns how many requests it took
 */
export async function askOne(
  dependencies: Dependencies,
  run: RunRow,
  row: { id: string; appId: string; stripeRefundId: string | null; status: string },
): Promise<number> {
  if (row.stripeRefundId === null) return 0;
  let stripeRefund: unknown;
  try {
    stripeRefund = await dependencies.stripe.refunds.retrieve(
      row.stripeRefundId,
      {},
      { stripeAccount: run.stripeAccountId },
    );
  } catch (error) {
    const outcome = classifyStripeError(error);
    if (outcome.kind !== "refused" || outcome.stripeCode !== "resource_missing") throw error;
    await recordDrift(dependencies, dependencies.database, run, {
      appId: row.appId,
      kind: "refund_missing_at_stripe",
      subjectId: row.stripeRefundId,
      refundId: row.id,
      stripeRefundId: row.stripeRefundId,
      here: { status: row.status },
      atStripe: null,
      rightSide: "undecided",
      action: "none",
    });
    return 1;
  }
  return 1 + (await compareRefund(dependencies, run, { stripeRefund, source: "reconciliation" }));
}
