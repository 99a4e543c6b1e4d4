import { setTimeout as pause } from "node:timers/promises";
import { query } from "../database-server.ts";
import type { Load } from "../load/load.ts";
import { residentMb } from "../processes.ts";
import { round, slope } from "../statistics.ts";

export interface Drain {
  /** Workflows whose effect is in the database, from the last event's acknowledgement on. */
  readonly workflows: number;
  readonly workflowsPerSecond: number;
  /** Messages that waited when the last event was acknowledged. */
  readonly openAtStart: number;
  /** Messages given up; there should be none. */
  readonly dead: number;
  /** Memory of Redress: when the first event came, when all was done, and most of all. */
  readonly rssStartMb: number;
  readonly rssEndMb: number;
  readonly rssMaxMb: number;
  /** Of the line through the second half of the samples: what leaks grows there, too. */
  readonly rssSlopeMbPerMinute: number;
}

const sampleEveryMs = 500;
/** Nothing was completed for this long. */
const stuckMs = 120_000;

interface Counts {
  readonly completed: number;
  readonly open: number;
  readonly dead: number;
}

/** Posts so many events as fast as they are taken, then waits until nothing is left to do. */
export async function measureDrain(given: {
  readonly target: { readonly url: string; readonly secret: string; readonly pid: number };
  readonly connectionString: string;
  readonly load: Load;
  readonly events: number;
  readonly say: (line: string) => void;
}): Promise<Drain> {
  const { target, connectionString, load, events, say } = given;
  const started = performance.now();
  const samples: { x: number; y: number }[] = [];
  const sample = async () => {
    samples.push({ x: (performance.now() - started) / 60_000, y: await residentMb(target.pid) });
  };
  await sample();
  const { url, secret } = target;
  let posting = true;
  const posted = load.run({ url, secret, connections: 32, events, prefix: "drainx" }).finally(() => {
    posting = false;
  });
  while (posting) await Promise.race([posted, pause(sampleEveryMs).then(sample)]);
  const first = { at: performance.now(), counts: await count(connectionString) };
  say(
    `${events} events are acknowledged after ${round((first.at - started) / 1_000, 1)} s; ${first.counts.open} wait.`,
  );
  const last = await untilDone(connectionString, sample);
  await sample();
  const workflows = last.counts.completed - first.counts.completed;
  const sizes = samples.map(({ y }) => y);
  return {
    workflows,
    workflowsPerSecond: round((workflows * 1_000) / (last.at - first.at), 1),
    openAtStart: first.counts.open,
    dead: last.counts.dead,
    rssStartMb: round(sizes[0] ?? 0, 1),
    rssEndMb: round(sizes.at(-1) ?? 0, 1),
    rssMaxMb: round(Math.max(...sizes), 1),
    rssSlopeMbPerMinute: round(slope(samples.slice(Math.floor(samples.length / 2))), 2),
  };
}

async function untilDone(
  connectionString: string,
  sample: () => Promise<void>,
): Promise<{ at: number; counts: Counts }> {
  let progress = { at: performance.now(), completed: -1 };
  for (;;) {
    const counts = await count(connectionString);
    const at = performance.now();
    if (counts.open === 0) return { at, counts };
    if (counts.completed > progress.completed) progress = { at, completed: counts.completed };
    if (at - progress.at > stuckMs)
      throw new Error(`${counts.open} messages wait, and none was completed for two minutes.`);
    await sample();
    await pause(counts.open > 2_000 ? sampleEveryMs : 50);
  }
}

async function count(connectionString: string): Promise<Counts> {
  const [row] = await query<{ completed: string; open: string; dead: string }>(
    connectionString,
    `select count(*) filter (where completed_at is not null) as completed,
      count(*) filter (where send_at is not null) as open,
      count(*) filter (where dead_at is not null) as dead from outbox_messages`,
  );
  return { completed: Number(row?.completed), open: Number(row?.open), dead: Number(row?.dead) };
}
