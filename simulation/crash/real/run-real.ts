import { setTimeout as pause } from "node:timers/promises";
import type { Ending } from "../run-point.ts";
import { type DeskProcess, startDeskProcess } from "./desk-process.ts";
import { findLost, isAtRest, isRight, judgeReal } from "./real-outcome.ts";
import type { RealPath } from "./real-path.ts";
import { type Ground, openSite, type Site } from "./site.ts";

/** The process that dies sweeps once, at its start: no sweep of its own comes between the numbered calls. */
const victim = { SWEEP_INTERVAL_MS: "3600000" };

export interface RealDeath {
  readonly path: string;
  /** E.g. `after POST /v1/refunds #1`. */
  readonly kill: string;
  /** False when the call did not come this time. */
  readonly reached: boolean;
  readonly ending: Ending;
  readonly violations: readonly string[];
  /** From the start of the next process until books and app are right, when the refund was lost in the middle. */
  readonly recoveryMs: number | null;
}

export interface RealOptions {
  readonly ground: Ground;
  /** Moves the clock of the process that recovers ahead, over every lease; 0 measures what it really takes. */
  readonly clockOffsetMs: number;
}

/** The names of the calls of a path, in order, as one undisturbed process makes them. */
export async function numberCalls(path: RealPath, { ground }: RealOptions): Promise<string[]> {
  const site = await openSite(ground);
  const desk = await startDeskProcess({ ...site.environment, ...victim, KILL: "" });
  try {
    const wish = await path.prepare(site, () => desk);
    await wish.run();
    await until("the undisturbed run is right", () => isRight(site, ground.sandbox, path));
    // Let the last messages finish.
    await until("nothing is open", () => hasNoMessage(site));
    return [...desk.calls];
  } finally {
    await desk.kill();
    await site.close();
  }
}

/** Kills a real process at one call, starts the next one, waits until everything is right, and judges. */
export async function runRealPoint(
  path: RealPath,
  kill: string,
  { ground, clockOffsetMs }: RealOptions,
): Promise<RealDeath> {
  const { sandbox } = ground;
  const site = await openSite(ground);
  let desk: DeskProcess | null = await startDeskProcess({ ...site.environment, ...victim, KILL: kill });
  try {
    const wish = await path.prepare(site, () => desk);
    const first = desk;
    const answered = wish.run();
    const struck = await Promise.race([
      first.died,
      answered.then(() => untilOver(site, ground, path)).then(() => null),
    ]);
    desk = null;
    await first.kill();
    const wasRight = (await isRight(site, sandbox, path)) && (await hasNoMessage(site));
    const lost = await findLost(site, wish);
    const wasInTheMiddle = await isInTheMiddle(site);
    const startedAt = Date.now();
    desk = await startDeskProcess({ ...site.environment, CLOCK_OFFSET_MS: String(clockOffsetMs) });
    await answered;
    await until(`${path.name}, ${kill}: right again`, () => isRight(site, sandbox, path));
    const recoveryMs = Date.now() - startedAt;
    await until(`${path.name}, ${kill}: at rest`, () => isAtRest(site));
    const violations = [...lost, ...(await judgeReal(site, sandbox, path, wish))];
    return {
      path: path.name,
      kill,
      reached: struck !== null,
      ending: endingOf({ violations, hasAskedAgain: wish.asked > 1, wasRight }),
      violations,
      recoveryMs: wasInTheMiddle ? recoveryMs : null,
    };
  } catch (error) {
    const violations = [error instanceof Error ? error.message : String(error)];
    return { path: path.name, kill, reached: true, ending: "violated", violations, recoveryMs: null };
  } finally {
    await desk?.kill();
    await site.close();
  }
}

/** The process was to die, and did not: then it has done everything. */
async function untilOver(site: Site, { sandbox }: Ground, path: RealPath): Promise<void> {
  await until("it is right", () => isRight(site, sandbox, path));
  await until("nothing is open", () => hasNoMessage(site));
}

async function hasNoMessage({ pool }: Site): Promise<boolean> {
  const { rows } = await pool.query<{ open: string }>(
    "select count(*) as open from outbox_messages where send_at is not null",
  );
  return rows[0]?.open === "0";
}

async function isInTheMiddle({ pool }: Site): Promise<boolean> {
  const { rows } = await pool.query("select id from refunds where status = 'executing'");
  return rows.length > 0;
}

/** Looks again and again; there is no fixed pause that would be long enough on every machine. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 180_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not within three minutes: ${what}`);
    await pause(50);
  }
}

function endingOf(run: { violations: readonly string[]; hasAskedAgain: boolean; wasRight: boolean }): Ending {
  if (run.violations.length > 0) return "violated";
  if (run.hasAskedAgain) return "asked again";
  return run.wasRight ? "as if nothing had happened" : "repaired";
}
