import { auditLogs, operatorRoles, operators } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemActor } from "../actor.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { claimFirstAdmin, grantRole, isFirstOperator, readGrants } from "./grants.ts";

let desk: Harness;
beforeEach(async () => {
  desk = await startHarness();
});
afterEach(() => desk.close());

async function signUp(id: string): Promise<string> {
  const now = desk.clock.now();
  await desk.dependencies.database
    .insert(operators)
    .values({ id, name: id, email: `${id}@example.com`, createdAt: now, updatedAt: now });
  return id;
}

const actor = systemActor("test");

test("of operators who claim a new desk at the same moment, one becomes its administrator", async () => {
  const { dependencies } = desk;
  expect(await isFirstOperator(dependencies)).toBe(true);
  const ids = await Promise.all(["ann", "ben", "cas", "dee"].map(signUp));
  expect(await isFirstOperator(dependencies)).toBe(false);
  const claims = await Promise.all(ids.map((operatorId) => claimFirstAdmin(dependencies, { operatorId })));
  expect(claims.filter((claimed) => claimed)).toHaveLength(1);
  const roles = await dependencies.database.select().from(operatorRoles);
  expect(roles).toMatchObject([{ operatorId: ids[claims.indexOf(true)], role: "admin", appId: null }]);
  expect(await dependencies.database.select().from(auditLogs)).toHaveLength(1);
});

test("a role in one app stands beside the one in all, and replaces only itself", async () => {
  const { dependencies } = desk;
  const operatorId = await signUp("ann");
  const app = await desk.app();
  const grant = (appId: string | null, role: "viewer" | "agent" | "approver") =>
    grantRole(dependencies, { actor, operatorId, appId, role });
  await grant(null, "viewer");
  await grant(app.id, "agent");
  await grant(app.id, "approver");
  await grant(app.id, "approver");
  expect(await readGrants(dependencies, operatorId)).toEqual({
    id: operatorId,
    roles: { all: "viewer", byApp: { [app.id]: "approver" } },
  });
  const entries = await dependencies.database
    .select({ before: auditLogs.before, after: auditLogs.after })
    .from(auditLogs)
    .where(eq(auditLogs.action, "operator_role_granted"));
  expect(entries).toEqual([
    { before: { role: null }, after: { role: "viewer" } },
    { before: { role: null }, after: { role: "agent" } },
    { before: { role: "agent" }, after: { role: "approver" } },
  ]);
});

test("the desk never loses its last administrator", async () => {
  const { dependencies } = desk;
  const [first, second] = [await desk.operator("admin"), await desk.operator("viewer")];
  const demote = (operatorId: string) =>
    grantRole(dependencies, { actor, operatorId, appId: null, role: "viewer" });
  await expect(demote(first.id)).rejects.toMatchObject({ code: "invalid_input" });
  expect((await readGrants(dependencies, first.id)).roles.all).toBe("admin");
  await grantRole(dependencies, { actor, operatorId: second.id, appId: null, role: "admin" });
  // Several rounds, so that the two really meet on connections that are already open.
  for (let round = 0; round < 5; round++) {
    const both = await Promise.allSettled([demote(first.id), demote(second.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    for (const { id } of [first, second]) {
      await grantRole(dependencies, { actor, operatorId: id, appId: null, role: "admin" });
    }
  }
});

test("somebody unknown has no role", async () => {
  expect(await readGrants(desk.dependencies, "nobody")).toEqual({
    id: "nobody",
    roles: { all: null, byApp: {} },
  });
});
