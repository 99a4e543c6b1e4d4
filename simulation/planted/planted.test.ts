import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { applyBug, belongsTo, readBugs } from "./bugs.ts";
import { copyTree } from "./copy.ts";

// The planted bugs stay true to the code: a patch that no longer applies would prove nothing.
const root = join(import.meta.dirname, "../..");
const bugs = await readBugs();

test("there are the ten bugs that the simulation must find", () => {
  expect(bugs.map(({ name }) => name.slice(0, 2))).toEqual(
    Array.from({ length: 10 }, (_, index) => String(index + 1).padStart(2, "0")),
  );
});

test.each(bugs)("$name applies to the code as it is", async (bug) => {
  await applyBug(root, bug, { check: true });
});

test("a patch that does not fit is told", async () => {
  const [bug] = bugs;
  const empty = await mkdtemp(join(tmpdir(), "redress-planted-empty-"));
  await expect(bug && applyBug(empty, bug, { check: true })).rejects.toThrow(/No such file|does not exist/);
  await rm(empty, { recursive: true });
});

test("a bug is planted in a copy with workspaces of its own, and not in the tree", async () => {
  const bug = bugs.find(({ name }) => name.startsWith("07"));
  if (bug === undefined) throw new Error("there is no bug 07");
  const path = "packages/core/src/notifications/deliver.ts";
  const { directory, remove } = await copyTree(bug);
  const linked = join(directory, "node_modules/@redress/core/src/notifications/deliver.ts");
  expect(await readFile(linked, "utf8")).toContain("id: claimed.deliveryId");
  expect(await readFile(join(root, path), "utf8")).not.toContain("id: claimed.deliveryId");
  await remove();
});

test("a crash does not count as finding a bug: the violation has to be its own", () => {
  const [bug] = bugs;
  const own = { invariant: 1, sentence: "Stripe made 2 refunds for rfd_1: re_1, re_2" };
  expect(bug && belongsTo(bug, own)).toBe(true);
  expect(bug && belongsTo(bug, { ...own, invariant: 0 })).toBe(false);
  expect(bug && belongsTo(bug, { invariant: 1, sentence: "the run ended early" })).toBe(false);
});
