import type { DatabaseServer } from "../database-server.ts";
import type { Load } from "../load/load.ts";
import type { SubjectName } from "../options.ts";
import { cpuSeconds, familyCpuSeconds } from "../processes.ts";
import { percentile } from "../statistics.ts";
import { readDrained } from "./stored.ts";
import type { Target } from "./subjects.ts";

/** What one subject did in its turn of one round. */
export interface Turn {
  readonly subject: SubjectName;
  /** Of the raw bound: its connections to the database. */
  readonly pool: number | null;
  readonly connections: number;
  readonly round: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Requests that were not answered with 2xx. */
  readonly refused: number;
  /** Processor time for one acknowledged event; null where the system does not tell. */
  readonly cpuMs: {
    readonly subject: number | null;
    readonly database: number | null;
    readonly load: number | null;
  };
  /** Of Redress: events handled in this turn, and messages open at its end. */
  readonly drained: { readonly handled: number; readonly open: number } | null;
}

export interface RoundsPlan {
  readonly server: DatabaseServer;
  readonly load: Load;
  /** Who takes part at which number of connections, in the order of the first round. */
  readonly levels: readonly { readonly connections: number; readonly targets: readonly Target[] }[];
  readonly rounds: number;
  readonly seconds: number;
  /** Told of every acknowledged event. */
  readonly onAcknowledged: (target: Target, ids: readonly string[]) => void;
  readonly onTurn: (turn: Turn) => void;
}

const warmUpSeconds = 2;

/**
 * Subjects take turns within each round, and the order moves on by one from round to round, so that what
 * slows the machine for a while slows all of them.
 */
export async function runRounds(plan: RoundsPlan): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (let round = 0; round <= plan.rounds; round += 1) {
    for (const { connections, targets } of plan.levels) {
      for (let index = 0; index < targets.length; index += 1) {
        const target = targets[(index + round) % targets.length];
        if (!target) continue;
        // Round 0 warms up and is not counted.
        const turn = await takeTurn(plan, target, { connections, round });
        if (round === 0) continue;
        turns.push(turn);
        plan.onTurn(turn);
      }
    }
  }
  return turns;
}

async function takeTurn(
  { server, load, seconds, onAcknowledged }: RoundsPlan,
  target: Target,
  { connections, round }: { connections: number; round: number },
): Promise<Turn> {
  const { name, url, secret, pid } = target;
  const look = async () => ({
    drained: name === "redress" ? await readDrained(target.connectionString) : null,
    cpu: await Promise.all([familyCpuSeconds(pid), server.cpuSeconds(), cpuSeconds(load.pid)]),
  });
  await server.checkpoint();
  await target.resume();
  const before = await look();
  const job = { url, secret, connections, seconds: round === 0 ? warmUpSeconds : seconds };
  const prefix = `${name.slice(0, 2)}${connections}r${round}x`;
  const { acknowledged, latenciesMs, inTime, elapsedSeconds, statuses } = await load.run({ ...job, prefix });
  const after = await look();
  await target.pause();
  onAcknowledged(target, acknowledged);
  if (acknowledged.length === 0) {
    throw new Error(`${name} acknowledged nothing; it answered ${JSON.stringify(statuses)}.`);
  }
  const cpu = after.cpu.map((used, index) => {
    const earlier = before.cpu[index] ?? null;
    return used === null || earlier === null ? null : ((used - earlier) * 1_000) / acknowledged.length;
  });
  const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  return {
    subject: name,
    pool: target.pool ?? null,
    connections,
    round,
    requestsPerSecond: inTime / elapsedSeconds,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    refused: answered - acknowledged.length,
    cpuMs: { subject: cpu[0] ?? null, database: cpu[1] ?? null, load: cpu[2] ?? null },
    drained: after.drained && {
      handled: after.drained.handled - (before.drained?.handled ?? 0),
      open: after.drained.open,
    },
  };
}
