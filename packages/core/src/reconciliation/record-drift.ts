import { drifts, type Queryable } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { raiseAlert } from "../alerts.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import type { RunRow } from "./run.ts";

export type DriftRow = typeof drifts.$inferSelect;

/** A difference, the side that was right, and what was done about it. */
export type Drift = Pick<DriftRow, "appId" | "kind" | "subjectId" | "rightSide" | "action"> &
  Partial<Pick<DriftRow, "refundId" | "stripeRefundId" | "here" | "atStripe">>;

/** Writes a drift, once a run for each thing; what is known better later replaces what was. */
export async function recordDrift(
  dependencies: Pick<Dependencies, "clock" | "random" | "logger">,
  queryable: Queryable,
  run: RunRow,
  drift: Drift,
): Promise<void> {
  await queryable
    .insert(drifts)
    .values({
      ...drift,
      id: newId(dependencies.random, "drift"),
      runId: run.id,
      foundAt: dependencies.clock.now(),
    })
    .onConflictDoUpdate({
      target: [drifts.runId, drifts.kind, drifts.subjectId],
      set: { rightSide: drift.rightSide, action: drift.action },
    });
  if (drift.rightSide !== "undecided") return;
  const { appId, kind, subjectId } = drift;
  raiseAlert(
    dependencies,
    "drift_undecided",
    { runId: run.id, appId, kind, subjectId },
    "Our books and Stripe's differ, and only a person can say which is right. Look at the drift list.",
  );
}

/** What a run found, in the order in which it did. */
export function driftsOfRun(
  { database }: Pick<Dependencies, "database">,
  runId: string,
): Promise<DriftRow[]> {
  return database
    .select()
    .from(drifts)
    .where(and(eq(drifts.runId, runId)))
    .orderBy(drifts.foundAt, drifts.id);
}
