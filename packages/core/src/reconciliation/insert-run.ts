import { reconciliationRuns } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import type { RunRow } from "./run.ts";

/**
 * Writes a run that is to begin now.
 *
 * @returns undefined when the same one is running already: two processes that start it at once start one
 */
export async function insertRun(
  dependencies: Pick<Dependencies, "database" | "clock" | "random">,
  run: Pick<RunRow, "appId" | "kind" | "askedSince" | "since" | "until"> & {
    accountId: string;
    refundId?: string;
  },
): Promise<RunRow | undefined> {
  const now = dependencies.clock.now();
  const { accountId, ...values } = run;
  const [row] = await dependencies.database
    .insert(reconciliationRuns)
    .values({
      ...values,
      id: newId(dependencies.random, "reconciliation"),
      stripeAccountId: accountId,
      status: "running",
      phase: run.refundId === undefined ? "list_refunds" : "ask_refunds",
      nextAttemptAt: now,
      startedAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing()
    .returning();
  return row;
}
