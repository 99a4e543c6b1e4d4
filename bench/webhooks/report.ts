import type { KillResult } from "./kills.ts";
import type { Turn } from "./rounds.ts";
import { countStored, type Kept } from "./stored.ts";
import type { Target } from "./subjects.ts";
import { summarise } from "./summary.ts";
import { formatTable } from "./table.ts";

/**
 * Looks for every acknowledged event, and prints the figures: a table, and one line of JSON at the end.
 *
 * @param given.acknowledged the ids that each target has acknowledged
 * @returns the exit code: 1 when one is missing
 */
export async function report(given: {
  readonly rounds: number;
  readonly seconds: number;
  readonly machine: string;
  readonly turns: readonly Turn[];
  readonly killed: readonly KillResult[];
  readonly acknowledged: ReadonlyMap<Target, readonly string[]>;
  readonly say: (line: string) => void;
}): Promise<number> {
  const { rounds, seconds, machine, turns, killed, acknowledged, say } = given;
  const summary = summarise(turns, seconds);
  const sums = { acknowledged: 0, stored: 0 };
  let missing = 0;
  for (const [target, ids] of acknowledged) {
    const kept = await countStored(target.name, target.connectionString, ids);
    say(describeKept(target, ids.length, kept));
    missing += kept?.missing.length ?? 0;
    if (target.name !== "redress" || !kept) continue;
    Object.assign(sums, { acknowledged: kept.acknowledged, stored: kept.stored });
  }
  say(`\n${machine}. Medians of ${rounds} rounds of ${seconds} s.\n\n${formatTable(summary)}\n`);
  const kills = killed.map(({ missing: lost, ...result }) => ({ ...result, missing: lost.length }));
  const result = { ...summary.ratios, ...sums, kills };
  say(JSON.stringify({ bench: "webhooks", ...result, machine, figures: summary.figures }));
  return missing === 0 ? 0 : 1;
}

function describeKept({ name }: Target, acknowledged: number, kept: Kept | null): string {
  if (kept === null)
    return `${name}: ${acknowledged} events acknowledged; it keeps objects, so events cannot be counted.`;
  if (kept.missing.length === 0)
    return `${name}: all ${acknowledged} acknowledged events are in the database.`;
  return `${name}: ${kept.missing.length} of ${acknowledged} acknowledged events are MISSING, e.g. ${kept.missing.slice(0, 5).join(", ")}.`;
}
