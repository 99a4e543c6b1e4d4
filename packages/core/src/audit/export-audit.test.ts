import { auditLogs, connectDatabase, type DatabaseConnection } from "@redress/database";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RedressError } from "../errors.ts";
import { exportAudit } from "./export-audit.ts";
import { addressRetentionDays, expungeAddresses, noteAddress } from "./note-address.ts";
import { noteOperatorRefusal } from "./note-operator-refusal.ts";
import { recordAudit } from "./record.ts";
import { sealAudit } from "./seal-audit.ts";
import { verifyAudit } from "./verify-audit.ts";

let testDatabase: TestDatabase;
let connection: DatabaseConnection;
let now = new Date("2026-11-23T12:00:00.000Z");
let drawn = 0;
const desk = () => ({
  database: connection.database,
  clock: { now: () => now },
  random: { bytes: (count: number) => new Uint8Array(count).fill(++drawn) },
});
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  connection = connectDatabase({ connectionString: testDatabase.connectionString });
});
afterAll(async () => {
  await connection.close();
  await testDatabase.drop();
});

async function read(input: Parameters<typeof exportAudit>[1]): Promise<{ text: string; pieces: number }> {
  const pieces: string[] = [];
  for await (const piece of exportAudit(desk(), input)) pieces.push(piece);
  return { text: pieces.join(""), pieces: pieces.length };
}

test("an address stands in the log as a hash, in clear beside it, and is forgotten with the chain whole", async () => {
  const origin = await noteAddress(desk(), "203.0.113.9");
  expect(await noteAddress(desk(), "203.0.113.9")).toEqual(origin);
  expect(await noteAddress(desk(), "203.0.113.8")).not.toEqual(origin);
  await connection.database.transaction((transaction) =>
    recordAudit({ ...desk(), origin }, transaction, {
      ...{ actor: { kind: "operator", id: "opr_1" }, action: "refund_approved", correlationId: "cor_1" },
      ...{ appId: "app_1", details: { note: '=HYPERLINK("x")' } },
    }),
  );
  await sealAudit(desk());
  const row = await connection.database.select().from(auditLogs);
  expect(JSON.stringify(row)).not.toContain("203.0.113");
  expect((await read({ format: "jsonl" })).text).toContain('"address":"203.0.113.9"');
  expect((await read({ format: "jsonl", appIds: ["app_1"] })).text).toContain('"address":null');
  now = new Date(now.getTime() + (addressRetentionDays + 1) * 86_400_000);
  await expungeAddresses(desk());
  expect((await read({ format: "jsonl" })).text).toContain('"address":null');
  expect(await verifyAudit(desk())).toMatchObject({ valid: true, sealed: 1 });
});

test("a person's refused attempt is written down once an hour for each reason, and other errors never", async () => {
  const attempt = (code: "permission_denied" | "own_request" | "invalid_input") =>
    noteOperatorRefusal(desk(), {
      ...{ operatorId: "opr_1", permission: "refunds.decide", correlationId: "cor_2" },
      error: new RedressError(code, "Not this."),
    });
  const count = async () =>
    (await connection.database.select().from(auditLogs).where(eq(auditLogs.action, "operator_refused"))).map(
      ({ details }) => details,
    );
  await Promise.all(Array.from({ length: 20 }, () => attempt("permission_denied")));
  await attempt("own_request");
  await attempt("invalid_input");
  expect(await count()).toEqual([
    { why: "permission_denied", permission: "refunds.decide" },
    { why: "own_request", permission: "refunds.decide" },
  ]);
  now = new Date(now.getTime() + 3_600_000);
  await attempt("own_request");
  expect(await count()).toHaveLength(3);
});

test("CSV holds no formula, quotes what it has to, and both formats come in pieces and keep to the filter", async () => {
  await connection.database.execute(sql`
    insert into audit_logs (at, actor_kind, actor_id, action, app_id, correlation_id, details)
    select '2026-12-01', 'agent', '=1+1', 'refund_requested', 'app_2', '@x' || n, '{"a": "say \\"hi\\", twice"}'
    from generate_series(1, 2500) n`);
  const csv = await read({ format: "csv", appIds: ["app_2"] });
  expect(csv.pieces).toBe(4);
  const lines = csv.text.trimEnd().split("\r\n");
  expect(lines).toHaveLength(2_501);
  expect(lines[0]).toMatch(/^id,at,actorKind,actorId,action,/);
  expect(lines[1]).toContain(`,agent,'=1+1,refund_requested,app_2,,,'@x1,,,"{""a"":""say`);
  for (const cell of csv.text.split(/,|\r\n/)) expect(cell).not.toMatch(/^"?[=+\-@\t]/);
  const json = await read({ format: "jsonl", actorKind: "operator", action: "refund_approved" });
  expect(
    json.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).appId),
  ).toEqual(["app_1"]);
  const none = await read({ format: "jsonl", appIds: [] });
  expect(none.text).toBe("");
  const window = { from: new Date("2026-12-01"), to: new Date("2026-12-02"), correlationId: "@x7" };
  expect((await read({ format: "jsonl", ...window })).text.split("\n")).toHaveLength(2);
});
