import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { grantApplicationRole } from "./application-role.ts";
import { query } from "./testing/admin.ts";
import { createTestDatabase, type TestDatabase } from "./testing.ts";

// Invariant 6: to the application's role the database refuses to change the audit log, and to switch that off.
let owner: TestDatabase;
let application: string;
const role = `app_${randomBytes(4).toString("hex")}`;
beforeAll(async () => {
  owner = await createTestDatabase();
  await query(owner.connectionString, `create role ${role} login password 'for-tests'`);
  await grantApplicationRole(owner.connectionString, role);
  const url = new URL(owner.connectionString);
  url.username = role;
  url.password = "for-tests";
  application = url.toString();
  await query(application, insert);
});
afterAll(async () => {
  await query(owner.connectionString, `drop owned by ${role}`, `drop role ${role}`);
  await owner.drop();
});

const insert = `insert into audit_logs (at, actor_kind, actor_id, action, correlation_id, details)
  values (now(), 'system', 'test', 'app_created', 'cor_1', '{}')`;
/** insufficient_privilege: by rights, and not by a trigger that could be switched off. */
const refused = { code: "42501" };

describe("the application's role", () => {
  test("reads the log and adds to it, and works with the other tables", async () => {
    await query(application, insert);
    expect(await query(application, "select id from audit_logs")).toHaveLength(2);
    await query(application, "update apps set name = name", "delete from repeated_requests where false");
    await query(application, "create schema an_engine", "create table an_engine.steps (id int)");
  });

  test.each([
    "update audit_logs set actor_id = 'x'",
    "delete from audit_logs",
    "truncate audit_logs cascade",
    "update audit_seals set hash = 'x'",
    "delete from audit_seals",
    "truncate audit_seals",
    "update policy_versions set number = 2",
    "delete from refund_verdicts",
    "truncate refunds cascade",
    "alter table audit_logs disable trigger all",
    "drop trigger audit_logs_append_only on audit_logs",
    "alter table audit_logs add column x text",
    "drop table audit_logs cascade",
    "create or replace function refuse_change() returns trigger language plpgsql as 'begin return new; end'",
    "set session_replication_role = replica",
    "grant update on audit_logs to current_user",
  ])("is refused: %s", async (statement) => {
    if (statement.startsWith("grant")) {
      // PostgreSQL only warns that nothing was granted.
      await query(application, statement).catch(() => []);
      await expect(query(application, "update audit_logs set actor_id = 'x'")).rejects.toMatchObject(refused);
      return;
    }
    await expect(query(application, statement)).rejects.toMatchObject(refused);
  });

  test("is refused as such when it is no other than the owner, or is unknown", async () => {
    const own = decodeURIComponent(new URL(owner.connectionString).username);
    await expect(grantApplicationRole(owner.connectionString, own)).rejects.toThrow(/superuser or may act/);
    await expect(grantApplicationRole(owner.connectionString, "nobody_here")).rejects.toThrow(/no role/);
  });

  test("keeps what it has when rights are given again", async () => {
    await grantApplicationRole(owner.connectionString, role);
    await query(application, insert);
    await expect(query(application, "delete from audit_logs")).rejects.toMatchObject(refused);
  });
});
