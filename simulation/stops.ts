import { releaseRefunds, stopRefunds } from "@redress/core/apps/stop-refunds";
import type { Dependencies } from "@redress/core/dependencies";
import type { Chance } from "./chance.ts";
import { clicking } from "./clicks.ts";
import type { Action } from "./plan.ts";
import { inProcess } from "./setting.ts";
import type { World } from "./world.ts";

const actor = { kind: "operator", id: "opr_ben" } as const;

/**
 * An admin stops the refunds of an app, and remembers from when on the desk has said that they are: unless somebody
 * let them run at the same time, since nobody knows then which click was the last.
 */
export function playStop(world: World, chance: Chance, action: Action): void {
  const { id: appId, slug } = chance.pick(world.appsInWorld);
  const correlationId = `cor_action_${action.number}`;
  clicking(world, `ben stops the refunds of ${slug}`, action, 3, async (dependencies) => {
    const { releases, stops } = world.memory;
    const others = releases.filter((release) => !(release.appId === appId && isUnderWay(world, release)));
    await stopRefunds(dependencies, { slug, actor, correlationId, reason: "ben wants to look first" });
    const crossed = releases.some((release) => release.appId === appId && !others.includes(release));
    if (!crossed) stops.push({ appId, fromMs: world.scheduler.nowMs, untilMs: null });
  });
}

export function playRelease(world: World, chance: Chance, action: Action): void {
  const { id, slug } = chance.pick(world.appsInWorld);
  clicking(world, `ben releases the refunds of ${slug}`, action, 3, async (dependencies) => {
    await release(world, dependencies, { id, slug, correlationId: `cor_action_${action.number}` });
  });
}

/** Lets the refunds of every app run again. */
export function releaseAll(world: World, number: number): void {
  for (const { id, slug } of world.appsInWorld) {
    inProcess(world, `ben lets the refunds of ${slug} run`, async (dependencies) => {
      await release(world, dependencies, { id, slug, correlationId: `cor_release_${number}` });
    });
  }
}

async function release(
  world: World,
  dependencies: Dependencies,
  { id, slug, correlationId }: { id: string; slug: string; correlationId: string },
): Promise<void> {
  const click = { appId: id, process: world.desk.process, isOver: false };
  world.memory.releases.push(click);
  forgetStop(world, id);
  try {
    await releaseRefunds(dependencies, { slug, actor, correlationId });
  } finally {
    click.isOver = true;
  }
}

/** What a process had begun when it died was rolled back. */
function isUnderWay(world: World, click: World["memory"]["releases"][number]): boolean {
  return !click.isOver && click.process === world.desk.process;
}

/** From the click on, calls may be made: when its answer comes is not known. */
function forgetStop(world: World, appId: string): void {
  for (const stop of world.memory.stops) {
    if (stop.appId === appId && stop.untilMs === null) stop.untilMs = world.scheduler.nowMs;
  }
}
