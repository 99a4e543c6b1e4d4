/** Counts what runs, so that whoever brings more can wait for room. */
export interface Slots {
  /** Resolves when there is room. Those who wait are let in one at a time, in order. */
  room(): Promise<void>;
  enter(): void;
  leave(): void;
}

/** @param limit beyond it `room` waits; `enter` never does, so that what must run at once can */
export function createSlots(limit: number): Slots {
  const waiting: (() => void)[] = [];
  let used = 0;
  return {
    async room() {
      if (used >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    enter() {
      used += 1;
    },
    leave() {
      used -= 1;
      if (used < limit) waiting.shift()?.();
    },
  };
}
