import type { Closers } from "../closers.ts";
import { startDatabaseServer } from "../database-server.ts";
import { describeMachine } from "../machine.ts";
import type { SearchOptions } from "../options.ts";
import { fillDatabase } from "./fill.ts";
import { lists } from "./lists.ts";
import { measureQuestion, openSubject, type Timing } from "./measure.ts";
import { searches } from "./searches.ts";

/**
 * Measures each search and list on a small and a large database, as the console asks for them: through core's own
 * functions, without HTTP.
 *
 * @returns the exit code
 */
export async function runSearch(
  { purchases, small, runs }: SearchOptions,
  closers: Closers,
  say: (line: string) => void,
): Promise<number> {
  const server = await startDatabaseServer();
  closers.add(() => server.close());
  if (server.warning) say(`Warning: ${server.warning}`);
  const open = async (size: number) => {
    const connectionString = await server.createDatabase(`search_${size}`);
    await fillDatabase(connectionString, { purchases: size, say });
    const subject = await openSubject(connectionString, runs);
    closers.add(() => subject.close());
    return subject;
  };
  const subjects = { small: await open(small), large: await open(purchases), runs };
  await server.checkpoint();
  const timings: Timing[] = [];
  for (const question of [...searches, ...lists]) {
    const timing = await measureQuestion(question, subjects);
    timings.push(timing);
    say(lineOf(timing));
  }
  const machine = describeMachine(server.version);
  say(machine);
  const worst = (pick: (timing: Timing) => number) => Math.max(...timings.map(pick));
  const [p95Ratio, p95Ms] = [worst((timing) => timing.p95Ratio), worst((timing) => timing.p95Ms)];
  say(JSON.stringify({ bench: "search", purchases, small, runs, p95Ratio, p95Ms, timings, machine }));
  return 0;
}

function lineOf({ name, found, foundSmall, p50Ms, p95Ms, p95SmallMs, p95Ratio }: Timing): string {
  return `| ${name} | ${foundSmall} / ${found} | ${p95SmallMs} | ${p95Ms} | ${p50Ms} | ${p95Ratio} |`;
}
