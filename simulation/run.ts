import { closeDispute, endWait, play } from "./actions.ts";
import { lookAtUnattributed, reconnectAll } from "./caretaking.ts";
import { Chance } from "./chance.ts";
import type { SimulationDatabase } from "./database.ts";
import type { FaultKind } from "./faults.ts";
import { judge, type Violation } from "./judge.ts";
import { planStory } from "./plan.ts";
import { describe } from "./scheduler.ts";
import { furnish } from "./setting.ts";
import { releaseAll } from "./stops.ts";
import { World } from "./world.ts";

const minute = 60_000;
const hour = 60 * minute;

export interface RunOptions {
  readonly seed: number;
  readonly database: SimulationDatabase;
  /** Actions of the story that do not happen, by number. */
  readonly withoutActions?: ReadonlySet<number>;
  readonly withoutFaults?: ReadonlySet<FaultKind>;
  readonly tell?: (line: string) => void;
}

export interface RunResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly steps: number;
  /** Equal for equal runs. */
  readonly fingerprint: string;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly actions: readonly number[];
}

/** One life of a desk: a story with faults, then rest, then judgement. */
export async function runSeed(options: RunOptions): Promise<RunResult> {
  const seed = String(options.seed);
  const world = await World.open({
    seed,
    database: options.database,
    omitted: options.withoutFaults ?? new Set(),
    tell: options.tell ?? (() => {}),
  });
  const story = planStory(seed).filter(({ number }) => !options.withoutActions?.has(number));
  let violations: Violation[];
  try {
    await furnish(world);
    await tellStory(world, story);
    await rest(world);
    await countForgottenKeys(world);
    violations = await judge(world);
  } catch (error) {
    violations = [{ invariant: 0, sentence: `the run ended early: ${describe(error)}` }];
    options.tell?.(error instanceof Error ? (error.stack ?? "") : String(error));
  } finally {
    await world.close();
  }
  return {
    seed: options.seed,
    violations,
    steps: world.scheduler.steps,
    fingerprint: world.scheduler.fingerprint(),
    faults: world.faults.counts,
    actions: story.map(({ number }) => number),
  };
}

async function tellStory(world: World, story: ReturnType<typeof planStory>): Promise<void> {
  const { scheduler, faults } = world;
  faults.start();
  const beginMs = scheduler.nowMs;
  for (const action of story) scheduler.at(beginMs + action.atMs, null, () => play(world, action));
  const endMs = beginMs + (story.at(-1)?.atMs ?? 0);
  await scheduler.run(endMs + new Chance(`${world.seed}/end`).pick([10, 3_000, 10 * minute]));
  faults.stop();
}

/** Faults have stopped: within days of calm everything has come right. */
async function rest(world: World): Promise<void> {
  const { scheduler, desk } = world;
  scheduler.tell("the faults stop");
  const chance = new Chance(`${world.seed}/rest`);
  for (const { receiver } of world.appsInWorld) receiver.isDown = false;
  desk.busyUntilMs = 0;
  if (desk.process === null) await scheduler.run(world.restartAtMs + 1);
  if (desk.process === null) scheduler.spawn("supervisor", null, () => desk.start());
  await scheduler.run(scheduler.nowMs + minute);
  const isImpatient = chance.happens(0.7);
  const reconnected = world.appsInWorld.filter(() => chance.happens(0.8));
  for (const _ of [...world.disputes]) if (chance.happens(0.7)) closeDispute(world, chance);
  for (let round = 1; round <= 25; round += 1) {
    if (round <= 3) releaseAll(world, round);
    if (round <= 3) reconnectAll(world, reconnected, round);
    if (round <= 3 && isImpatient) endWait(world, round);
    lookAtUnattributed(world, 1_000 + round);
    desk.sweepNow();
    await scheduler.run(scheduler.nowMs + (round < 3 ? 11 * minute : 6 * hour));
    if (round >= 2 && (await isAtRest(world))) break;
  }
  // One more comparison with Stripe's books, in as many sweeps as its share of requests needs; what no
  // webhook told comes in here, and what that causes is done and sealed.
  await scheduler.run(scheduler.nowMs + hour);
  for (let sweep = 1; sweep <= 10; sweep += 1) {
    desk.sweepNow();
    await scheduler.run(scheduler.nowMs + 2 * minute);
    if (sweep >= 2 && (await isAtRest(world)) && !(await isComparing(world))) break;
  }
  desk.sweepNow();
  await scheduler.run(scheduler.nowMs + minute);
}

/** Calls that Stripe took for new ones, since their key was used so long ago. */
async function countForgottenKeys({ sandbox, faults }: World): Promise<void> {
  const { requests } = await sandbox.admin.ledger();
  for (const { forgotten } of requests) if (forgotten) faults.count("stripe_key_pruned");
}

async function isComparing({ database }: World): Promise<boolean> {
  const running = await database.query("select id from reconciliation_runs where status = 'running'");
  return running.length > 0;
}

async function isAtRest({ database, webhooks, scheduler, stripe }: World): Promise<boolean> {
  if (webhooks.open > 0 || stripe.lateUntilMs >= scheduler.nowMs) return false;
  // Until Stripe has forgotten the key of what was superseded: nobody may send it then either.
  const forgotten = new Date(scheduler.nowMs - 25 * hour);
  const [open] = await database.query<{ count: string }>(
    `select (select count(*) from outbox_messages where send_at is not null)
          + (select count(*) from refunds where status in ('requested', 'approved', 'executing'))
          + (select count(*) from notifications where status = 'pending')
          + (select count(*) from refunds where status = 'superseded' and outcome_unknown
             and first_attempt_at > $1) as count`,
    [forgotten],
  );
  return Number(open?.count) === 0;
}
