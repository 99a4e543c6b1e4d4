import { auditLogs, connectDatabase, type DatabaseConnection } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { type SQL, sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auditActions } from "./actions.ts";
import { listAudit } from "./list-audit.ts";
import { recordAudit } from "./record.ts";
import { sealAudit } from "./seal-audit.ts";
import { verifyAudit } from "./verify-audit.ts";

// A2 and invariant 6: the log is append-only, and any edit of what was sealed is found.
let testDatabase: TestDatabase;
let connection: DatabaseConnection;
const clock = { now: () => new Date("2026-11-23T12:00:00.123Z") };
const dependencies = () => ({ database: connection.database, clock });

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  connection = connectDatabase({ connectionString: testDatabase.connectionString });
});
afterAll(async () => {
  await connection.close();
  await testDatabase.drop();
});

async function write({ database }: DatabaseConnection, count: number) {
  for (let index = 0; index < count; index += 1) {
    await database.transaction((transaction) =>
      recordAudit({ clock }, transaction, {
        actor: { kind: "operator", id: `opr_${index}` },
        action: auditActions[index % auditActions.length] ?? "refund_confirmed",
        correlationId: `cor_${index}`,
        appId: "app_1",
        purchaseId: "pur_1",
        refundId: "rfd_1",
        before: { status: "executing" },
        after: { status: "succeeded" },
        details: { note: "Rückgabe", amount: 1500 + index, nested: { b: [1, 2], a: null } },
      }),
    );
  }
}

/** Edits behind the triggers' back, as somebody with the database's own rights could. */
async function tamper({ database }: DatabaseConnection, statement: SQL): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.execute(sql`set local session_replication_role = replica`);
    await transaction.execute(statement);
  });
}

test("an untouched log is whole, sealing is repeatable, and what is not sealed yet is counted", async () => {
  expect(await verifyAudit(dependencies())).toMatchObject({ valid: true, sealed: 0, unsealed: 0 });
  await write(connection, 7);
  expect(await verifyAudit(dependencies())).toMatchObject({ valid: true, sealed: 0, unsealed: 7 });
  const counts = await Promise.all([1, 2, 3].map(() => sealAudit(dependencies())));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(7);
  await write(connection, 3);
  expect(await sealAudit(dependencies(), { everything: true })).toBe(3);
  expect(await verifyAudit(dependencies())).toMatchObject({ valid: true, sealed: 10, unsealed: 0 });
});

test("a row that is committed after later ones were sealed is sealed too", async () => {
  await connection.database.transaction(async (slow) => {
    const entry = {
      actor: { kind: "system", id: "slow" },
      action: "app_created",
      correlationId: "cor_slow",
    } as const;
    await recordAudit({ clock }, slow, entry);
    await write(connection, 1);
    expect(await sealAudit(dependencies())).toBe(1);
  });
  expect(await sealAudit(dependencies())).toBe(1);
  expect(await verifyAudit(dependencies())).toMatchObject({ valid: true, unsealed: 0 });
});

describe("the database refuses", () => {
  test.each(["audit_logs", "audit_seals"])("to change, delete or empty %s", async (table) => {
    const name = sql.identifier(table);
    const column = sql.identifier(table === "audit_logs" ? "actor_id" : "hash");
    for (const statement of [
      sql`update ${name} set ${column} = 'x'`,
      sql`delete from ${name}`,
      sql`truncate ${name} cascade`,
    ]) {
      await expect(connection.database.execute(statement)).rejects.toMatchObject({
        cause: { message: expect.stringContaining("append-only") },
      });
    }
  });
});

const textColumns = [
  "actor_kind",
  "actor_id",
  "action",
  "app_id",
  "purchase_id",
  "refund_id",
  "correlation_id",
] as const;
const jsonColumns = ["before", "after", "details"] as const;

test("any single byte edited in any column of any sealed row is found, and named", async () => {
  const rows = await connection.database.select().from(auditLogs).orderBy(auditLogs.id);
  const sealed = await connection.database.execute<{ number: string; id: string }>(
    sql`select number, audit_log_id as id from audit_seals`,
  );
  const numberOf = new Map(sealed.rows.map(({ number, id }) => [Number(id), Number(number)]));
  const edit = fc.record({
    row: fc.nat(rows.length - 1),
    column: fc.constantFrom(...textColumns, ...jsonColumns, "at"),
    position: fc.nat(),
    by: fc.integer({ min: 1, max: 94 }),
  });
  await fc.assert(
    fc.asyncProperty(edit, async ({ row, column, position, by }) => {
      const original = rows[row];
      if (!original) throw new Error("no such row");
      const name = sql.identifier(column);
      const { rows: found } = await connection.database.execute<{ text: string | null }>(
        sql`select ${name}::text as text from audit_logs where id = ${original.id}`,
      );
      const text = found[0]?.text ?? null;
      const json = jsonColumns.some((one) => one === column);
      const later = new Date(original.at.getTime() + by).toISOString();
      const changed = column === "at" ? later : editByte(text, { position, by, json });
      fc.pre(changed !== null);
      const type = column === "at" ? "timestamptz" : json ? "jsonb" : "text";
      const put = (value: string | null) =>
        tamper(
          connection,
          sql`update audit_logs set ${name} = ${value}::${sql.raw(type)} where id = ${original.id}`,
        );
      await put(changed);
      expect(await verifyAudit(dependencies())).toMatchObject({
        valid: false,
        firstBroken: { number: numberOf.get(original.id), auditLogId: original.id, reason: "row_changed" },
      });
      await put(text);
    }),
    { seed: 8, numRuns: 120 },
  );
  expect(await verifyAudit(dependencies())).toMatchObject({ valid: true });
});

/** Another printable character in one place; null where there is none, or where JSON would be JSON no more. */
function editByte(
  text: string | null,
  { position, by, json }: { position: number; by: number; json: boolean },
) {
  if (text === null) return null;
  const place = position % text.length;
  const other = String.fromCharCode(32 + ((text.charCodeAt(place) - 32 + by) % 95));
  const edited = text.slice(0, place) + other + text.slice(place + 1);
  try {
    if (json) JSON.parse(edited);
    return edited;
  } catch {
    return null;
  }
}

describe("in a log of its own", () => {
  let ownDatabase: TestDatabase;
  let own: DatabaseConnection;
  beforeEach(async () => {
    ownDatabase = await createTestDatabase();
    own = connectDatabase({ connectionString: ownDatabase.connectionString });
    await write(own, 8);
    await sealAudit({ database: own.database, clock });
  });
  afterEach(async () => {
    await own.close();
    await ownDatabase.drop();
  });

  const fourth = sql`(select audit_log_id from audit_seals where number = 4)`;
  test.each([
    ["a row removed", sql`delete from audit_logs where id = ${fourth}`, 4, "row_missing"],
    ["a seal removed", sql`delete from audit_seals where number = 3`, 3, "seal_missing"],
    [
      "a seal edited",
      sql`update audit_seals set previous_hash = repeat('a', 64) where number = 2`,
      2,
      "seal_changed",
    ],
    [
      "a seal's hash edited",
      sql`update audit_seals set hash = repeat('a', 64) where number = 5`,
      5,
      "row_changed",
    ],
  ])("%s is found", async (_name, statement, number, reason) => {
    await tamper(own, statement);
    expect(await verifyAudit(own)).toMatchObject({
      valid: false,
      sealed: number - 1,
      firstBroken: { number, reason },
    });
  });

  test("an end cut off, and a chain made anew, are found by an anchor kept outside", async () => {
    const { head: anchor } = await verifyAudit(own);
    expect(await verifyAudit(own, { anchors: [anchor] })).toMatchObject({ valid: true });
    await tamper(own, sql`delete from audit_seals where number > 6`);
    expect(await verifyAudit(own)).toMatchObject({ valid: true, sealed: 6 });
    expect(await verifyAudit(own, { anchors: [anchor] })).toMatchObject({
      valid: false,
      firstBroken: { reason: "chain_cut" },
    });
    await tamper(own, sql`update audit_logs set actor_id = 'somebody else'`);
    await tamper(own, sql`delete from audit_seals`);
    await sealAudit({ database: own.database, clock });
    expect(await verifyAudit(own)).toMatchObject({ valid: true, sealed: 8 });
    expect(await verifyAudit(own, { anchors: [anchor] })).toMatchObject({
      valid: false,
      firstBroken: { number: 8, reason: "anchor_differs" },
    });
  });

  test("reading goes from the newest back, page by page, and only for the apps one may see", async () => {
    const first = await listAudit(own, { refundId: "rfd_1", limit: 5 });
    const second = await listAudit(own, { refundId: "rfd_1", limit: 5, cursor: first.nextCursor ?? "" });
    expect([...first.entries, ...second.entries].map(({ id }) => id)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(second.nextCursor).toBeNull();
    expect((await listAudit(own, { appIds: ["app_2"] })).entries).toEqual([]);
    await expect(listAudit(own, { cursor: "x" })).rejects.toMatchObject({ code: "invalid_input" });
  });
});
