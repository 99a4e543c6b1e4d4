import type { Clock } from "../dependencies.ts";

/** So many in this second and the last are far more than Stripe sends of a quiet business. */
const many = 200;

/** Counts arrivals, and says whether they crowd in. */
export function createCrowd(clock: Clock): { add(): void; isThere(): boolean } {
  let second = 0;
  let present = 0;
  let last = 0;

  function turn(): void {
    const now = Math.floor(clock.now().getTime() / 1000);
    if (now === second) return;
    last = now === second + 1 ? present : 0;
    present = 0;
    second = now;
  }

  return {
    add() {
      turn();
      present += 1;
    },
    isThere() {
      turn();
      return present + last > many;
    },
  };
}
