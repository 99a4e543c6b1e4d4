import type { SimulationDatabase } from "../database.ts";
import { faultKinds } from "../faults.ts";
import { judge, type Violation } from "../judge.ts";
import { describe } from "../scheduler.ts";
import { World } from "../world.ts";
import { type Call, type Kill, KillSwitch } from "./kill-switch.ts";
import { countOpen, findMissing, isAtRest } from "./outcome.ts";
import { idOf, type Scenario } from "./scenario.ts";
import { Stage } from "./stage.ts";

const minute = 60_000;

/** How a run ended, as the people of the story see it. */
export const endings = ["as if nothing had happened", "repaired", "asked again", "violated"] as const;
export type Ending = (typeof endings)[number];

export interface PointResult {
  /** Undisturbed, every call of the path; otherwise those before the death. */
  readonly calls: readonly Call[];
  readonly callsOfRecovery: readonly Call[];
  /** Where the process died. Empty when the run did not get that far. */
  readonly struck: readonly Call[];
  readonly ending: Ending;
  readonly violations: readonly Violation[];
  readonly fingerprint: string;
}

/** Runs a scenario once: undisturbed, or with a death at one call, or with another one in the recovery. */
export async function runPoint(given: {
  scenario: Scenario;
  database: SimulationDatabase;
  kill?: Kill | null;
  second?: Kill | null;
  tell?: (line: string) => void;
}): Promise<PointResult> {
  const { scenario, database, kill = null, second = null } = given;
  const { restartAfterMs = 2_000, patienceMs = 3_000 } = scenario;
  const deaths = { wasDone: true };
  const killSwitch = new KillSwitch({
    kill,
    second,
    restartAfterMs,
    async onDeath() {
      deaths.wasDone &&=
        (await findMissing(stage, scenario.expected)).length + (await countOpen(world)) === 0;
      stage.askAgain(restartAfterMs + patienceMs);
    },
  });
  const world = await World.open({
    seed: `crash/${idOf(scenario)}`,
    database,
    omitted: new Set(faultKinds),
    tell: given.tell ?? (() => {}),
    interrupter: killSwitch,
  });
  const stage = new Stage(world, killSwitch);
  let violations: Violation[];
  try {
    violations = await play(stage, scenario);
  } catch (error) {
    violations = [{ invariant: 0, sentence: `the run ended early: ${describe(error)}` }];
    given.tell?.(error instanceof Error ? (error.stack ?? "") : String(error));
  } finally {
    await world.close();
  }
  const hasAskedAgain = stage.people.some(({ person }) => person.clicks > 1);
  return {
    calls: killSwitch.calls,
    callsOfRecovery: killSwitch.callsOfRecovery,
    struck: killSwitch.struck,
    violations,
    ending: endingOf({ violations, hasAskedAgain, wasDone: deaths.wasDone }),
    fingerprint: world.scheduler.fingerprint(),
  };
}

async function play(stage: Stage, scenario: Scenario): Promise<Violation[]> {
  await scenario.prepare(stage);
  stage.killSwitch.open(scenario.counts());
  await scenario.act(stage);
  stage.killSwitch.close();
  await rest(stage);
  const missing = await findMissing(stage, scenario.expected);
  return [...(await judge(stage.world)), ...missing.map((sentence) => ({ invariant: 0, sentence }))];
}

/** Until nothing is under way any more, and then one sweep for what is written down last. */
async function rest(stage: Stage): Promise<void> {
  const { desk, scheduler } = stage.world;
  await untilAlive(stage);
  desk.busyUntilMs = scheduler.nowMs + 15 * minute;
  desk.sweepNow();
  for (let round = 1; round <= 40; round += 1) {
    await stage.goOn(4 * minute);
    await untilAlive(stage);
    if (await isAtRest(stage)) break;
  }
  do {
    await untilAlive(stage);
    desk.sweepNow();
    await stage.goOn(minute);
  } while (desk.process === null);
}

async function untilAlive(stage: Stage): Promise<void> {
  const { desk, scheduler, restartAtMs } = stage.world;
  if (desk.process === null) await stage.goOn(Math.max(0, restartAtMs - scheduler.nowMs) + 1_000);
}

function endingOf(run: {
  violations: readonly Violation[];
  hasAskedAgain: boolean;
  wasDone: boolean;
}): Ending {
  if (run.violations.length > 0) return "violated";
  if (run.hasAskedAgain) return "asked again";
  return run.wasDone ? "as if nothing had happened" : "repaired";
}
