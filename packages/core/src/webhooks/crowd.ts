import type { Clock } from "../dependencies.ts";

/** So many in this second and the last are more than the workflows of one machine keep up with. */
const many = 200;
/** What lasts longer without a pause is no burst that passes: waiting for its end would be waiting for ever. */
const longestSeconds = 300;

/**
 * Counts arrivals, and says whether they crowd in: not after five minutes without a calm second, so that what
 * waits for the end of a crowd waits that long at most.
 */
export function createCrowd(clock: Clock): { add(): void; isThere(): boolean } {
  let second = 0;
  let present = 0;
  let last = 0;
  /** The second in which this crowd began. */
  let since: number | null = null;

  function turn(): void {
    const now = Math.floor(clock.now().getTime() / 1000);
    if (now === second) return;
    const hasPause = now !== second + 1;
    if (hasPause || present + last <= many) since = null;
    last = hasPause ? 0 : present;
    present = 0;
    second = now;
  }

  return {
    add() {
      turn();
      present += 1;
      if (present + last > many) since ??= second;
    },
    isThere() {
      turn();
      return since !== null && present + last > many && second - since < longestSeconds;
    },
  };
}
