/** Counts what runs, so that whoever brings more can wait for room. */
export interface Slots {
  /** Waits for room, and enters. Those who wait are let in one at a time, in order. */
  take(): Promise<void>;
  /** Enters at once, room or not. */
  enter(): void;
  leave(): void;
}

/** @param limit beyond it `take` waits; `enter` never does, so that what must run at once can */
export function createSlots(limit: number): Slots {
  const waiting: (() => void)[] = [];
  let used = 0;
  const wakeNext = () => {
    if (used < limit) waiting.shift()?.();
  };
  return {
    async take() {
      while (used >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
      used += 1;
      wakeNext();
    },
    enter() {
      used += 1;
    },
    leave() {
      used -= 1;
      wakeNext();
    },
  };
}
