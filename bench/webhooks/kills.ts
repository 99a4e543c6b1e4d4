import { setTimeout as pause } from "node:timers/promises";
import type { DatabaseServer } from "../database-server.ts";
import type { Desk } from "../desk.ts";
import type { Load } from "../load/load.ts";
import type { LoadResult } from "../load/send-events.ts";
import { round } from "../statistics.ts";
import { countStored, type Kept } from "./stored.ts";
import type { Target } from "./subjects.ts";

export interface KillResult extends Kept {
  readonly killed: "database" | "server";
  /** Events that were sent and not acknowledged: Stripe would send them again. */
  readonly unanswered: number;
  /** From the kill until it takes events again. */
  readonly awaySeconds: number;
}

export interface KillPlan {
  readonly server: DatabaseServer;
  readonly load: Load;
  readonly desk: Desk;
  readonly target: Target;
  /** How often each is killed. */
  readonly kills: number;
  readonly onAcknowledged: (ids: readonly string[]) => void;
  readonly onKill: (result: KillResult) => void;
}

const connections = 32;
const loadSeconds = 3;
const patienceMs = 60_000;

/**
 * Kills PostgreSQL and the server, each under load and without warning, and looks afterwards for every event
 * that was acknowledged.
 */
export async function runKills(plan: KillPlan): Promise<KillResult[]> {
  const results: KillResult[] = [];
  for (let kill = 1; kill <= plan.kills; kill += 1) {
    for (const killed of ["database", "server"] as const) {
      const result = await killUnderLoad(plan, killed, kill);
      results.push(result);
      plan.onKill(result);
    }
  }
  return results;
}

async function killUnderLoad(
  plan: KillPlan,
  killed: KillResult["killed"],
  kill: number,
): Promise<KillResult> {
  const { server, load, desk, target, onAcknowledged } = plan;
  const job = { url: target.url, secret: target.secret, connections };
  const prefix = `k${killed.slice(0, 1)}${kill}x`;
  const loading = load.run({ ...job, seconds: loadSeconds, prefix });
  // Not at the same moment of each run's commits.
  await pause((loadSeconds * 1_000 * (1 + kill)) / (2 + plan.kills));
  const killedAt = performance.now();
  await (killed === "database" ? server : desk).kill();
  await (killed === "database" ? server : desk).restart();
  const during = await loading;
  const after = await loadUntilTaken(plan, prefix);
  const awaySeconds = round((performance.now() - killedAt) / 1_000, 1);
  const acknowledged = [...during.acknowledged, ...after.acknowledged];
  onAcknowledged(acknowledged);
  const kept = await countStored(target.name, target.connectionString, acknowledged);
  if (kept === null) throw new Error(`${target.name} keeps no events, so none can be looked for.`);
  const sent = Object.values(during.statuses).reduce((sum, count) => sum + count, 0);
  return { ...kept, killed, unanswered: sent - during.acknowledged.length, awaySeconds };
}

/** Whoever was killed has to take events again, without anybody's help. */
async function loadUntilTaken({ load, target }: KillPlan, prefix: string): Promise<LoadResult> {
  const deadline = performance.now() + patienceMs;
  for (let attempt = 1; performance.now() < deadline; attempt += 1) {
    const result = await load.run({
      url: target.url,
      secret: target.secret,
      connections,
      seconds: 1,
      events: 100,
      prefix: `${prefix}a${attempt}x`,
    });
    if (result.acknowledged.length > 0) return result;
  }
  throw new Error("After the kill no event was acknowledged for a minute.");
}
