import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Harness, startHarness } from "@redress/core/testing/harness";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../run.ts";

// The commands as people type them: a whole log is exit 0, a broken one exit 1 with the place named.
let harness: Harness;
let directory: string;
beforeAll(async () => {
  harness = await startHarness();
  directory = await mkdtemp(join(tmpdir(), "redress-cli-anchors-"));
  await harness.app({ slug: "my-shop" });
});
afterAll(async () => {
  await harness.close();
  await rm(directory, { recursive: true });
});

const redress = (...words: string[]) => {
  return redressIn(
    {
      DATABASE_URL: harness.connectionString,
      REDRESS_SANDBOX_ORIGIN: harness.sandbox.origin,
      REDRESS_SECRET: "a secret for tests that is long enough",
      AUDIT_ANCHOR_DIR: directory,
    },
    ...words,
  );
};

async function redressIn(environment: Record<string, string>, ...words: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = {
    out: { write: (text: string) => out.push(text) },
    err: { write: (text: string) => err.push(text) },
  };
  const code = await run(["audit", ...words], environment, terminal, new AbortController().signal);
  return { code, out: out.join(""), err: err.join("") };
}

test("anchored, exported, verified; then cut off, which only the anchor tells", async () => {
  const anchored = await redress("anchor", "--json");
  const { anchor } = JSON.parse(anchored.out);
  expect(anchor.number).toBeGreaterThan(0);
  // An auditor has the database, the anchors and the key that was published, and nothing of the desk's.
  const audit = (...words: string[]) =>
    redressIn({ DATABASE_URL: harness.connectionString }, "verify", "--alone", ...words);
  expect(await audit("--anchors", directory, "--public-key", anchor.publicKey)).toMatchObject({
    code: 0,
    out: expect.stringContaining("1 anchor of 1 met"),
  });
  expect(await audit("--anchors", directory)).toMatchObject({ code: 2 });
  const whole = await redress("verify", "--anchors", directory);
  expect(whole).toMatchObject({ code: 0, out: expect.stringContaining("The log is whole") });
  expect(whole.out).toContain("1 anchor of 1 met");
  expect((await redress("export", "--format", "csv", "--app", "my-shop")).out).toMatch(/^id,at,actorKind/);
  expect((await redress("export")).out.trimEnd().split("\n")).toHaveLength(anchor.number);
  await harness.dependencies.database.transaction(async (transaction) => {
    await transaction.execute(sql`set local session_replication_role = replica`);
    await transaction.execute(sql`delete from audit_seals where number = ${anchor.number}`);
  });
  expect(await redress("verify")).toMatchObject({
    code: 0,
    out: expect.stringContaining("No anchor was given"),
  });
  expect(await redress("verify", "--anchors", directory)).toMatchObject({
    code: 1,
    out: expect.stringContaining("(chain_cut)"),
  });
  expect(await redress("verify", "--anchors", `${directory}/none`)).toMatchObject({ code: 1 });
});

test.each([
  [["nothing"], "verify, export or anchor"],
  [["verify", "--month", "november"], "--month takes a month"],
  [["verify", "--format", "csv"], "takes no --format"],
  [["export", "--format", "xml"], "--format takes csv, jsonl"],
  [["verify", "--public-key", "x"], "give --anchors"],
])("%j is refused before anything is opened", async (words, sentence) => {
  expect(await redress(...words)).toMatchObject({ code: 2, err: expect.stringContaining(sentence) });
});
