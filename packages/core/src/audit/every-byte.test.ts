import { connectDatabase, type DatabaseConnection } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordAudit } from "./record.ts";
import { sealAudit } from "./seal-audit.ts";
import { verifyAudit } from "./verify-audit.ts";

// Invariant 6: whoever has the database's own rights can change the log, but not unseen.
let testDatabase: TestDatabase;
let connection: DatabaseConnection;
const entries = 4;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  connection = connectDatabase({ connectionString: testDatabase.connectionString, maximumConnections: 1 });
  for (let index = 0; index < entries; index += 1) {
    const clock = { now: () => new Date(Date.UTC(2026, 9 + Math.floor(index / 2), 5, 12)) };
    const origin = { addressHash: `0${index}ff` };
    await connection.database.transaction((transaction) =>
      recordAudit({ clock, origin }, transaction, {
        ...{ actor: { kind: "operator", id: `opr_${index}` }, action: "refund_approved" },
        ...{ correlationId: `cor_${index}`, appId: "app_1", purchaseId: "pur_1", refundId: "rfd_1" },
        ...{ before: { status: "a" }, after: { status: "b" }, details: { sum: 15 + index } },
      }),
    );
    await sealAudit({ database: connection.database, clock });
  }
});
afterAll(async () => {
  await connection.close();
  await testDatabase.drop();
});

class Undone extends Error {}

/** What verification says of the log after this was done to it; afterwards the log is as it was. */
async function after(...statements: SQL[]): Promise<Awaited<ReturnType<typeof verifyAudit>>> {
  let verification: Awaited<ReturnType<typeof verifyAudit>> | undefined;
  const undo = connection.database.transaction(async (transaction) => {
    await transaction.execute(sql`set local session_replication_role = replica`);
    for (const statement of statements) await transaction.execute(statement);
    // In this very transaction, which has done it and is undone at the end.
    verification = await verifyAudit({
      database: Object.assign(Object.create(connection.database), {
        transaction: (work: (inner: typeof transaction) => Promise<unknown>) => work(transaction),
      }),
    });
    throw new Undone();
  });
  await undo.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  if (!verification) throw new Error("nothing was verified");
  return verification;
}

const columnsOf = {
  audit_logs: [
    ...["at", "actor_kind", "actor_id", "action", "app_id", "purchase_id", "refund_id", "correlation_id"],
    ...["before", "after", "details", "address_hash", "id"],
  ],
  audit_seals: ["number", "audit_log_id", "previous_hash", "hash", "sealed_at", "month"],
};

/** Another character of the same sort, so that dates stay dates and JSON stays JSON. */
function flip(character: string): string | null {
  if (/[0-9]/.test(character)) return String((Number(character) + 1) % 10);
  if (/[a-z]/i.test(character)) return character.toLowerCase() === "b" ? "c" : "b";
  return character === "_" ? "-" : null;
}

test.each(Object.entries(columnsOf))(
  "every byte of every column of %s that can be another",
  async (table, columns) => {
    let tried = 0;
    for (const column of columns) {
      const [key, name] = [sql.identifier(table === "audit_logs" ? "id" : "number"), sql.identifier(column)];
      const { rows } = await connection.database.execute<{ key: string; text: string; type: string }>(
        sql`select ${key} as key, ${name}::text as text, pg_typeof(${name})::text as type from ${sql.identifier(table)} order by 1`,
      );
      for (const row of rows.slice(1, 3)) {
        for (let place = 0; place < row.text.length; place += 1) {
          const other = flip(row.text.charAt(place));
          if (other === null) continue;
          const text = row.text.slice(0, place) + other + row.text.slice(place + 1);
          const edit = sql`update ${sql.identifier(table)} set ${name} = ${text}::${sql.raw(row.type)} where ${key} = ${row.key}`;
          const found = await after(edit).catch((error: unknown) => {
            // No such date, no such month, or a number that is taken: the database does not store it.
            if (/^(22|23)/.test(codeOf(error))) return null;
            throw error;
          });
          if (found === null) continue;
          tried += 1;
          expect({ column, text, valid: found.valid }).toEqual({ column, text, valid: false });
        }
      }
    }
    console.info(`${table}: ${tried} edits, each found`);
    expect(tried).toBeGreaterThan(150);
  },
);

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const own = "code" in error ? String(error.code) : "";
  return own || codeOf(error.cause);
}

const move = (table: string, key: string, from: number, to: number) =>
  sql.raw(`update ${table} set ${key} = ${to} where ${key} = ${from}`);
const swap = (table: string, key: string) => [
  move(table, key, 2, -1),
  move(table, key, 3, 2),
  move(table, key, -1, 3),
];
const insertRow = (id: number) =>
  sql`insert into audit_logs select ${id}, at, actor_kind, actor_id, action, app_id, purchase_id, refund_id,
      correlation_id, before, after, details, address_hash from audit_logs where id = 2`;

test.each<[string, SQL[], number, string]>([
  ["two entries swapped", swap("audit_logs", "id"), 2, "row_changed"],
  ["two seals swapped", swap("audit_seals", "number"), 2, "seal_changed"],
  ["an entry removed", [sql`delete from audit_logs where id = 3`], 3, "row_missing"],
  ["a seal removed", [sql`delete from audit_seals where number = 2`], 2, "seal_missing"],
  [
    "an entry removed with its seal",
    [sql`delete from audit_seals where number = 2`, sql`delete from audit_logs where id = 2`],
    2,
    "seal_missing",
  ],
  [
    "an entry put in with a seal of its own at the end",
    [
      insertRow(50),
      sql`insert into audit_seals select 5, 50, hash, repeat('a', 64), sealed_at, month from audit_seals where number = 4`,
    ],
    5,
    "row_changed",
  ],
  [
    "an entry put in long before the newest",
    [
      insertRow(60_000),
      sql`insert into audit_seals select 5, 60000, hash, repeat('a', 64), sealed_at, month from audit_seals where number = 4`,
      sql`delete from audit_seals where number = 5`,
      sql`update audit_logs set id = -60000 where id = 60000`,
    ],
    1,
    "row_added",
  ],
])("%s is found", async (_name, statements, number, reason) => {
  expect(await after(...statements)).toMatchObject({ valid: false, firstBroken: { number, reason } });
});

test("what was only tried is undone, and the log is whole", async () => {
  expect(await verifyAudit(connection)).toMatchObject({ valid: true, sealed: entries });
});

test("a month is verified alone, also where the months before are archived; a cut or gap at its end is found", async () => {
  const october = await verifyAudit(connection, { month: "2026-10" });
  const november = await verifyAudit(connection, { month: "2026-11" });
  expect(october).toMatchObject({ valid: true, sealed: 2, head: { number: 2 } });
  expect(november).toMatchObject({ valid: true, sealed: 2, head: { number: 4 } });
  const tamper = (statement: SQL) =>
    connection.database.transaction(async (transaction) => {
      await transaction.execute(sql`set local session_replication_role = replica`);
      await transaction.execute(statement);
    });
  await tamper(sql`delete from audit_seals where number = 2`);
  expect(await verifyAudit(connection, { month: "2026-10" })).toMatchObject({
    firstBroken: { number: 2, reason: "seal_missing" },
  });
  await tamper(sql`delete from audit_seals where number = 1`);
  expect(await verifyAudit(connection, { month: "2026-11" })).toEqual({ ...november, unsealed: 2 });
  await tamper(sql`delete from audit_seals where number = 4`);
  const anchors = [{ ...november.head, month: "2026-11" }];
  expect(await verifyAudit(connection, { month: "2026-11", anchors })).toMatchObject({
    firstBroken: { number: 4, reason: "chain_cut" },
  });
});
