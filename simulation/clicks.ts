import type { Dependencies } from "@redress/core/dependencies";
import type { Chance } from "./chance.ts";
import type { Action } from "./plan.ts";
import { describe } from "./scheduler.ts";
import { inProcess } from "./setting.ts";
import type { World } from "./world.ts";

const clickAgainMs = 5_000;

/** Some people click more than once. */
export function repeat(chance: Chance, click: () => void): void {
  const clicks = chance.pick([1, 1, 1, 2, 3]);
  for (let count = 0; count < clicks; count += 1) click();
}

/** Somebody clicks, and clicks again when an outage is all that is answered. */
export function clicking(
  world: World,
  name: string,
  action: Action,
  again: number,
  work: (dependencies: Dependencies) => Promise<unknown>,
): void {
  inProcess(world, name, async (dependencies) => {
    try {
      await work(dependencies);
    } catch (error) {
      world.scheduler.tell(`[${name}] is told: ${describe(error)}`);
      const isAnswer = error instanceof Error && error.name === "RedressError";
      if (!isAnswer && again > 0) {
        world.scheduler.at(world.scheduler.nowMs + clickAgainMs, null, () =>
          clicking(world, name, action, again - 1, work),
        );
      }
      if (!isAnswer) throw error;
    }
  });
}

/** Something happens at Stripe, which refuses what cannot be, such as a dispute of what was refunded. */
export function stripeSide(world: World, label: string, act: () => Promise<unknown>): void {
  world.scheduler.spawn("stripe", null, async () => {
    await world.atStripe(label, async () => {
      await act().catch((error: unknown) => {
        if (!(error instanceof Error) || error.name !== "SandboxError") throw error;
        world.scheduler.tell(`  Stripe refuses: ${error.message.slice(0, 80)}`);
      });
    });
  });
}
