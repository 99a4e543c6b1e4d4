import { setTimeout as pause } from "node:timers/promises";
import { sam, signIn } from "../../scripts/demo/people.ts";
import { sandboxEnvironment } from "../../scripts/sandbox-environment.ts";
import { Chance } from "../../simulation/chance.ts";
import type { Closers } from "../closers.ts";
import { startDatabaseServer } from "../database-server.ts";
import { type Desk, startDesk } from "../desk.ts";
import { startFront } from "../front.ts";
import { describeMachine } from "../machine.ts";
import type { SoakOptions } from "../options.ts";
import { startReceivingApps } from "../receiving-apps.ts";
import { percentile, round, slope } from "../statistics.ts";
import { startStripe } from "../stripe.ts";
import { createActions, type Done } from "./actions.ts";
import { listFaults } from "./faults.ts";
import { comeToRest, judge } from "./judge.ts";
import { type Sample, takeSample } from "./watch.ts";

const chargesPerAccount = 50;
const sampleEveryMs = 10_000;
/** What policy lets out without a person, in cents: about half of what is sold. */
const allowedUpTo = 10_000;

/**
 * Lets several desks on one database work for long under mixed load, and breaks something all the while; then judges from
 * Stripe's ledger that everything was done once, and says how memory and lag went.
 *
 * @returns the exit code: 1 when anything is not as Stripe has it
 */
export async function runSoak(
  options: SoakOptions,
  closers: Closers,
  say: (line: string) => void,
): Promise<number> {
  const world = await startWorld(options, closers, say);
  const { desks, server, connectionString, stripe, receiving, admin, support } = world;
  const chance = new Chance(`soak ${options.seed}`);
  const { act, done } = createActions({ stripe, connectionString, admin, support, chance });
  const faults = listFaults({ server, desks, stripe, receiving, chance });
  const began = performance.now();
  const until = began + options.minutes * 60_000;
  const samples: Sample[] = [];
  const struck = new Map<string, number>();
  const acting = every(1_000 / options.perSecond, until, act);
  const watching = every(sampleEveryMs, until, async () => {
    const sample = await takeSample({ desks, connectionString }, (performance.now() - began) / 60_000);
    if (sample === null) return;
    samples.push(sample);
    if (samples.length % 6 === 0) say(row(sample, done));
  });
  say("| minute | memory MB | open | lag s | moving | sold | asked | approved |");
  say("| --- | --- | --- | --- | --- | --- | --- | --- |");
  for (let turn = 0; performance.now() + options.faultSeconds * 1_000 < until; turn += 1) {
    await pause(options.faultSeconds * 1_000);
    const fault = faults[turn % faults.length];
    if (fault === undefined) break;
    await fault.run();
    struck.set(fault.name, (struck.get(fault.name) ?? 0) + 1);
  }
  await Promise.all([acting, watching]);
  await stripe.sandbox.admin.clearFaults();
  const judged = { connectionString, stripe, receiving, asked: done.asked, admin };
  const restSeconds = await comeToRest(judged);
  const wrong = await judge(judged);
  for (const sentence of wrong.slice(0, 20)) say(`WRONG: ${sentence}`);
  const second = samples.slice(Math.floor(samples.length / 2));
  const machine = describeMachine(server.version);
  say(machine);
  say(
    JSON.stringify({
      ...{ ...options, wrong: wrong.length, faults: Object.fromEntries(struck) },
      ...{ sold: done.sold, asked: done.asked.length, approved: done.approved },
      ...{ merchantRefunds: done.merchantRefunds, failedCalls: done.failed, told: receiving.count() },
      memoryMbMost: round(Math.max(...samples.map(({ memoryMb }) => memoryMb)), 0),
      memorySlopeMbPerMinute: round(slope(second.map(({ minute: x, memoryMb: y }) => ({ x, y }))), 2),
      lagSecondsP95: round(
        percentile(
          samples.map(({ lagSeconds }) => lagSeconds),
          0.95,
        ),
        1,
      ),
      lagSlopeSecondsPerMinute: round(slope(second.map(({ minute: x, lagSeconds: y }) => ({ x, y }))), 3),
      pageP95Ms: done.pages.length === 0 ? null : round(percentile(done.pages, 0.95), 0),
      ...{ restSeconds: round(restSeconds, 1), machine },
    }),
  );
  return wrong.length === 0 ? 0 : 1;
}

async function startWorld(options: SoakOptions, closers: Closers, say: (line: string) => void) {
  const server = await startDatabaseServer();
  closers.add(() => server.close());
  if (server.warning) say(`Warning: ${server.warning}`);
  const connectionString = await server.createDatabase("soak");
  const stripe = await startStripe(chargesPerAccount);
  closers.add(() => stripe.sandbox.close());
  const receiving = await startReceivingApps();
  closers.add(() => receiving.close());
  const front = await startFront();
  closers.add(() => front.close());
  const variables = await sandboxEnvironment(stripe.sandbox, front.origin);
  const desks: Desk[] = [];
  for (let number = 0; number < options.desks; number += 1) {
    const desk = await startDesk({ stripe, connectionString, say, front: { ...front, variables } });
    closers.add(() => desk.stop());
    desks.push(desk);
  }
  const [first] = desks;
  if (first === undefined) throw new Error("There is no desk.");
  await first.connectApps(stripe, receiving, {
    approvalRules: [{ amount: allowedUpTo, currency: "eur" }],
  });
  const support = await signIn(front.origin, sam);
  return { desks, server, connectionString, stripe, receiving, admin: first.admin(), support };
}

/** Begins one each so many milliseconds, whether or not the one before is done. */
async function every(ms: number, until: number, run: () => Promise<void>): Promise<void> {
  const under = new Set<Promise<void>>();
  for (let next = performance.now(); next < until; next += ms) {
    await pause(Math.max(0, next - performance.now()));
    const one = run().finally(() => under.delete(one));
    under.add(one);
  }
  await Promise.all(under);
}

function row({ minute, memoryMb, open, lagSeconds, moving }: Sample, done: Done): string {
  const cells = [minute, memoryMb, open, lagSeconds, moving, done.sold, done.asked.length, done.approved];
  return `| ${cells.map((cell) => round(cell, 1)).join(" | ")} |`;
}
