import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { anchorAudit } from "../audit/anchor-audit.ts";
import { createAuditAnchors } from "../audit/anchors.ts";
import { sealAudit } from "../audit/seal-audit.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { beginRestore } from "./begin-restore.ts";
import { requireCurrent } from "./require-current.ts";

// A server never works on a database that is older than the anchors of its log: it was restored, and shows as waiting
// what may have been paid. Once the restore was noted it starts, and its log is anchored again.
let restored: Harness;
let lost: Harness;
let directory: string;

beforeAll(async () => {
  // Two desks with the same anchors: the one that ran on, and the one on the backup, which has less.
  [restored, lost] = await Promise.all([startHarness(), startHarness({ seed: 2 })]);
  directory = await mkdtemp(join(tmpdir(), "redress-anchors-"));
});
afterAll(async () => {
  await Promise.all([restored.close(), lost.close(), rm(directory, { recursive: true })]);
});

const anchored = ({ dependencies }: Harness) => ({
  ...dependencies,
  auditAnchors: createAuditAnchors({ secret: "a secret for tests that is long enough", directory }),
});

test("a database that is older than its anchors is refused until the restore was noted", async () => {
  const before = anchored(lost);
  for (let count = 0; count < 3; count += 1) await lost.app();
  await sealAudit(before);
  await anchorAudit(before, { force: true });
  await requireCurrent(before);

  await restored.app();
  await sealAudit(restored.dependencies);
  await expect(requireCurrent(anchored(restored))).rejects.toThrow("reconcile --after-restore");
  // Where no anchors are kept, nobody can tell.
  await requireCurrent(restored.dependencies);

  await restored.advance(60_000);
  await beginRestore(restored.dependencies, { correlationId: "cor_test" });
  const after = anchored(restored);
  await requireCurrent(after);
  await sealAudit(after);
  expect(await anchorAudit(after, { force: true })).toBe(1);
  await requireCurrent(anchored(restored));
});
