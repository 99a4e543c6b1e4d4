import { expect, test } from "vitest";
import { atWork, memoryGrowthMiB, memoryGrowthOfAllMiB, shareOfLimit } from "./figures.ts";
import type { Look } from "./sample.ts";

// A figure that counts idle time as work, or saved-up requests as speed, would say something else than the table does.
const look = (seconds: number, pages: number, mib: Record<number, number> = {}): Look => ({
  ...{ atMs: seconds * 1_000, pages, imported: pages * 100, status: "running", importer: 2 },
  bytes: new Map(Object.entries(mib).map(([id, size]) => [Number(id), size * 2 ** 20])),
});

test("work begins right before the first page, and not while nothing is there yet", () => {
  const looks = [look(0, 0), look(30, 0), look(31, 20), look(32, 25)];
  expect(atWork(looks)).toEqual(looks.slice(1));
  expect(atWork([look(0, 7), look(9, 7)])).toEqual([]);
});

test("what was saved up counts as allowed, once after each quiet time", () => {
  const first = [look(0, 0), look(10, 70)];
  expect(shareOfLimit([first], { perSecond: 5, burst: 20 })).toBe(1);
  const second = [look(40, 70), look(50, 105)];
  expect(shareOfLimit([first, second], { perSecond: 5, burst: 20 })).toBe(0.75);
  expect(shareOfLimit([[]], { perSecond: 5, burst: 20 })).toBe(0);
});

test("memory is the most beyond the first look, of all processes and of the one that imports", () => {
  const looks = [
    look(0, 0, { 1: 100, 2: 200 }),
    look(1, 9, { 1: 110, 2: 230 }),
    look(2, 18, { 1: 105, 2: 210 }),
  ];
  expect(memoryGrowthOfAllMiB(looks)).toBe(40);
  expect(memoryGrowthMiB(looks)).toBe(30);
});
