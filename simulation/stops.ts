import { releaseRefunds, stopRefunds } from "@redress/core/apps/stop-refunds";
import type { Chance } from "./chance.ts";
import { clicking } from "./clicks.ts";
import type { Action } from "./plan.ts";
import { inProcess } from "./setting.ts";
import type { World } from "./world.ts";

const actor = { kind: "operator", id: "opr_ben" } as const;

/** An admin stops the refunds of an app, and remembers from when on the desk has said that they are. */
export function playStop(world: World, chance: Chance, action: Action): void {
  const { id: appId, slug } = chance.pick(world.appsInWorld);
  const correlationId = `cor_action_${action.number}`;
  clicking(world, `ben stops the refunds of ${slug}`, action, 3, async (dependencies) => {
    await stopRefunds(dependencies, { slug, actor, correlationId, reason: "ben wants to look first" });
    world.memory.stops.push({ appId, fromMs: world.scheduler.nowMs, untilMs: null });
  });
}

export function playRelease(world: World, chance: Chance, action: Action): void {
  const { id, slug } = chance.pick(world.appsInWorld);
  clicking(world, `ben releases the refunds of ${slug}`, action, 3, async (dependencies) => {
    forgetStop(world, id);
    await releaseRefunds(dependencies, { slug, actor, correlationId: `cor_action_${action.number}` });
  });
}

/** Lets the refunds of every app run again. */
export function releaseAll(world: World, number: number): void {
  for (const { id, slug } of world.appsInWorld) {
    inProcess(world, `ben lets the refunds of ${slug} run`, async (dependencies) => {
      forgetStop(world, id);
      await releaseRefunds(dependencies, { slug, actor, correlationId: `cor_release_${number}` });
    });
  }
}

/** From the click on, calls may be made: when its answer comes is not known. */
function forgetStop(world: World, appId: string): void {
  for (const stop of world.memory.stops) {
    if (stop.appId === appId && stop.untilMs === null) stop.untilMs = world.scheduler.nowMs;
  }
}
