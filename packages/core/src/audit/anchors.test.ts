import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectDatabase, type DatabaseConnection } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Logger } from "../dependencies.ts";
import { anchorAudit } from "./anchor-audit.ts";
import { createAuditAnchors, readAnchors } from "./anchors.ts";
import { recordAudit } from "./record.ts";
import { sealAudit } from "./seal-audit.ts";
import { verifyAudit } from "./verify-audit.ts";

// Invariant 6: an edit before the last anchor is found even where all seals were made anew.
const secret = "a secret for tests that is long enough";
let directory: string;
let testDatabase: TestDatabase;
let connection: DatabaseConnection;
let now: Date;
let logged: object[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "redress-anchors-"));
  testDatabase = await createTestDatabase();
  connection = connectDatabase({ connectionString: testDatabase.connectionString });
  now = new Date("2026-10-31T23:00:00.000Z");
  logged = [];
});
afterEach(async () => {
  await connection.close();
  await testDatabase.drop();
  await rm(directory, { recursive: true });
});

const nothing = () => {};
const logger: Logger = { debug: nothing, warn: nothing, error: nothing, info: (facts) => logged.push(facts) };
const desk = (auditAnchors = createAuditAnchors({ secret, directory })) => ({
  database: connection.database,
  clock: { now: () => now },
  logger,
  auditAnchors,
});

async function write(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await connection.database.transaction((transaction) =>
      recordAudit(desk(), transaction, {
        actor: { kind: "system", id: "test" },
        action: "app_created",
        correlationId: `cor_${index}`,
      }),
    );
  }
  await sealAudit(desk());
}

test("an hour's newest seal is anchored once, a month that ended by its last, and a restart goes on", async () => {
  await write(3);
  const first = desk();
  expect([await anchorAudit(first), await anchorAudit(first)]).toEqual([1, 0]);
  await write(1);
  now = new Date("2026-11-01T00:30:00.000Z");
  await write(2);
  expect(await anchorAudit(desk())).toBe(2);
  now = new Date("2026-11-01T01:40:00.000Z");
  expect(await anchorAudit(desk()), "nothing new").toBe(0);
  const anchors = await readAnchors(directory, [first.auditAnchors.publicKey]);
  expect(anchors.map(({ month, number }) => `${month} ${number}`)).toEqual([
    "2026-10 3",
    "2026-10 4",
    "2026-11 6",
  ]);
  expect(logged).toHaveLength(3);
  expect((await stat(join(directory, "2026-10.jsonl"))).mode & 0o777).toBe(0o600);
  expect(await verifyAudit(desk(), { anchors })).toMatchObject({ valid: true, sealed: 6, anchorsMet: 3 });
});

test("a log cut off, or written and sealed anew, is whole in itself and does not fit its anchors", async () => {
  await write(4);
  await anchorAudit(desk());
  const anchors = await readAnchors(directory, [desk().auditAnchors.publicKey]);
  await connection.database.transaction(async (transaction) => {
    await transaction.execute(sql`set local session_replication_role = replica`);
    await transaction.execute(sql`delete from audit_seals where number = 4`);
    await transaction.execute(sql`delete from audit_logs where id = 4`);
  });
  expect(await verifyAudit(desk())).toMatchObject({ valid: true, sealed: 3 });
  expect(await verifyAudit(desk(), { anchors })).toMatchObject({
    firstBroken: { number: 4, reason: "chain_cut" },
  });
  await write(1);
  expect(await verifyAudit(desk(), { anchors })).toMatchObject({
    sealed: 3,
    firstBroken: { number: 4, reason: "anchor_differs" },
  });
});

test("an anchor of another key, or changed in any member after it was signed, is not believed", async () => {
  await write(2);
  await anchorAudit(desk());
  const own = desk().auditAnchors.publicKey;
  const other = createAuditAnchors({ secret: `${secret}!`, directory: null }).publicKey;
  await expect(readAnchors(directory, [other])).rejects.toMatchObject({ code: "invalid_input" });
  const file = join(directory, "2026-10.jsonl");
  const line = await readFile(file, "utf8");
  expect(line).not.toContain(secret);
  for (const [from, to] of [
    ['"month":"2026-10"', '"month":"2026-09"'],
    ['"number":2', '"number":3'],
    [/"hash":"./.exec(line)?.[0] ?? "", line.includes('"hash":"0') ? '"hash":"1' : '"hash":"0'],
    ["T23:00:00.000Z", "T23:00:00.001Z"],
  ] as const) {
    await writeFile(file, line.replace(from, to));
    await expect(readAnchors(directory, [own]), from).rejects.toThrow(/line 1, was changed/);
  }
  await writeFile(file, line.slice(0, 40));
  await expect(readAnchors(directory, [own])).rejects.toThrow(/line 1, is no anchor/);
  await expect(readAnchors(join(directory, "none"), [own])).rejects.toThrow(/no anchor in/);
});

test("anchors of before a new secret are believed while the one before is given", async () => {
  await write(2);
  await anchorAudit(desk(), { force: true });
  const anew = createAuditAnchors({
    secret: "another secret, that is long enough",
    previousSecrets: [secret],
    directory,
  });
  await write(1);
  await anchorAudit(desk(anew), { force: true });
  const trusted = [anew.publicKey, ...anew.olderPublicKeys];
  expect(await readAnchors(directory, trusted)).toHaveLength(2);
  await expect(readAnchors(directory, [anew.publicKey])).rejects.toThrow("signed with another key");
});
