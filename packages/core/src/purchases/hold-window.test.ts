import { afterAll, beforeAll, expect, test } from "vitest";
import { type Harness, startHarness } from "../testing/harness.ts";
import { beginImport } from "./begin-import.ts";
import { WindowHold } from "./hold-window.ts";
import { claimWindow } from "./import-windows.ts";

// What a killed process had is soon another's, and yet no page that takes long is worked at by two.
let desk: Harness;
beforeAll(async () => {
  desk = await startHarness();
});
afterAll(() => desk.close());

async function claim() {
  const app = await desk.app();
  const importId = await desk.dependencies.database.transaction((transaction) =>
    beginImport(desk.dependencies, transaction, { appId: app.id, accountId: app.accountId }),
  );
  const again = () => claimWindow(desk.dependencies, importId);
  const window = await again();
  if (typeof window === "string") throw new Error(window);
  return { hold: new WindowHold(desk.dependencies, window), again };
}

test("a stretch stays with who keeps it, for longer than a lease", async () => {
  const { hold, again } = await claim();
  for (let seconds = 0; seconds < 120; seconds += 15) {
    await desk.advance(15_000);
    expect(await hold.keep()).toBe(true);
    expect(await again()).toBe("busy");
  }
  await hold.release();
  expect(await again()).toMatchObject({ number: 1 });
});

test("who does not keep it loses it half a minute later, and is told", async () => {
  const { hold, again } = await claim();
  await desk.advance(30_000);
  expect(await again()).toMatchObject({ number: 1 });
  expect(await hold.keep()).toBe(false);
  // Not for another's lease that ends later either.
  await desk.advance(30_000);
  expect(await hold.keep()).toBe(false);
});
