import { startSandbox } from "@redress/stripe-sandbox";
import type { Browser } from "../../scripts/demo/browser.ts";
import { hirePeople } from "../../scripts/demo/people.ts";
import type { Closers } from "../closers.ts";
import { startDatabaseServer } from "../database-server.ts";
import { startDesk } from "../desk.ts";
import { describeMachine } from "../machine.ts";
import type { PagesOptions } from "../options.ts";
import { familyOf } from "../processes.ts";
import { fillDatabase } from "../search/fill.ts";
import { percentile, round } from "../statistics.ts";
import { decisionSteps } from "./fill-decisions.ts";
import { type Page, readPages } from "./pages.ts";

/** Asked before, uncounted: pages are read from the disk, and code is compiled. */
const warmUps = 10;

interface Timing {
  readonly name: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Of the answer, as the server makes it. */
  readonly kilobytes: number;
}

/**
 * Measures each main page of a desk as `npm start` serves it, for a signed-in administrator: from the question until the
 * last byte of the answer, one after the other.
 *
 * @returns the exit code
 */
export async function runPages(
  { purchases, runs }: PagesOptions,
  closers: Closers,
  say: (line: string) => void,
): Promise<number> {
  const server = await startDatabaseServer();
  closers.add(() => server.close());
  if (server.warning) say(`Warning: ${server.warning}`);
  const connectionString = await server.createDatabase("pages");
  await fillDatabase(connectionString, { purchases, say, newest: new Date(), more: decisionSteps });
  const sandbox = await startSandbox({ seed: 1 });
  closers.add(() => sandbox.close());
  const desk = await startDesk({ stripe: { sandbox }, connectionString, say });
  closers.add(() => desk.stop());
  const { admin } = await hirePeople(desk.origin);
  await holdWorkers(desk.pid);
  await server.checkpoint();
  const timings: Timing[] = [];
  say("| page | p50 ms | p95 ms | kB |");
  say("| --- | --- | --- | --- |");
  for (const page of await readPages(connectionString, runs + warmUps)) {
    const timing = await measurePage(page, admin, runs);
    timings.push(timing);
    say(`| ${timing.name} | ${timing.p50Ms} | ${timing.p95Ms} | ${timing.kilobytes} |`);
  }
  const machine = describeMachine(server.version);
  say(machine);
  const p95Ms = Math.max(...timings.map((timing) => timing.p95Ms));
  say(JSON.stringify({ bench: "pages", purchases, runs, p95Ms, timings, machine }));
  return 0;
}

/**
 * A desk that grew slowly has sealed its log and reduced its old events long ago; this one would do all of it now. What
 * works in the background stands still until the desk is stopped.
 */
async function holdWorkers(pid: number): Promise<void> {
  const [, ...workers] = await familyOf(pid);
  for (const worker of workers) process.kill(worker, "SIGSTOP");
}

async function measurePage({ name, path }: Page, browser: Browser, runs: number): Promise<Timing> {
  const times: number[] = [];
  let bytes = 0;
  for (let index = 0; index < runs + warmUps; index += 1) {
    const began = performance.now();
    const response = await browser.fetch(path(index));
    const body = await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${path(index)} answered ${response.status}`);
    if (index >= warmUps) times.push(performance.now() - began);
    bytes = body.byteLength;
  }
  return {
    name,
    p50Ms: round(percentile(times, 0.5), 1),
    p95Ms: round(percentile(times, 0.95), 1),
    kilobytes: round(bytes / 1_000, 0),
  };
}
