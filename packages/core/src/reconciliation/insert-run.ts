import { reconciliationRuns, type Transaction } from "@redress/database";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import type { RunRow } from "./run.ts";

type NewRun = Pick<RunRow, "appId" | "kind" | "askedSince" | "since" | "until"> & {
  accountId: string;
  refundId?: string;
};

/**
 * Writes a run that is to begin now, and who asked for it.
 *
 * @param askedBy null when the desk starts it by itself
 * @returns undefined when the same one is running already: two processes that start it at once start one
 */
export async function insertRun(
  dependencies: Pick<Dependencies, "database" | "clock" | "random">,
  run: NewRun,
  askedBy: Actor | null,
): Promise<RunRow | undefined> {
  return dependencies.database.transaction(async (transaction) => {
    const row = await insertRow(dependencies, transaction, run);
    if (!row || askedBy === null) return row;
    const { id, appId, refundId, since, until } = row;
    await recordAudit(dependencies, transaction, {
      actor: askedBy,
      action: "comparison_started",
      // What the run settles is in the log under its id: this says who wanted that.
      correlationId: id,
      appId,
      refundId,
      details: { runId: id, since: since.toISOString(), until: until.toISOString() },
    });
    return row;
  });
}

async function insertRow(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  { accountId, ...values }: NewRun,
): Promise<RunRow | undefined> {
  const now = dependencies.clock.now();
  const [row] = await transaction
    .insert(reconciliationRuns)
    .values({
      ...values,
      id: newId(dependencies.random, "reconciliation"),
      stripeAccountId: accountId,
      status: "running",
      phase: values.refundId === undefined ? "list_refunds" : "ask_refunds",
      nextAttemptAt: now,
      startedAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing()
    .returning();
  return row;
}
