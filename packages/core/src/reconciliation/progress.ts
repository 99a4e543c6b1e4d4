import { type ReconciliationPhase, reconciliationPhases } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { leftToAsk } from "./ask-refunds.ts";
import { listedFrom } from "./list-refunds.ts";
import type { RunRow } from "./run.ts";

/** What each phase is of the whole, roughly. */
const shares: Readonly<Record<ReconciliationPhase, number>> = {
  list_refunds: 0.45,
  ask_refunds: 0.1,
  list_events: 0.4,
  send_again: 0.05,
};

/** How far a run has come, from 0 to 1. */
export async function progressOf(dependencies: Pick<Dependencies, "database">, run: RunRow): Promise<number> {
  if (run.status !== "running") return 1;
  if (run.refundId !== null) return 0;
  const before = reconciliationPhases.slice(0, reconciliationPhases.indexOf(run.phase));
  const done = before.reduce((sum, phase) => sum + shares[phase], 0);
  return done + shares[run.phase] * (await phaseProgress(dependencies, run));
}

async function phaseProgress(dependencies: Pick<Dependencies, "database">, run: RunRow): Promise<number> {
  if (run.cursor === null) return 0;
  if (run.phase === "ask_refunds") {
    return run.refundsAsked / Math.max(1, run.refundsAsked + (await leftToAsk(dependencies, run)));
  }
  if (run.reachedAt === null) return 0;
  const from = run.phase === "list_refunds" ? listedFrom(run) : run.since;
  const span = run.until.getTime() - from.getTime();
  return span === 0 ? 1 : Math.min(1, Math.max(0, (run.until.getTime() - run.reachedAt.getTime()) / span));
}
