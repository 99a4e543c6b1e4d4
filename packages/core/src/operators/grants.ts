import { type OperatorRole, operatorRoles, operators, type Queryable } from "@redress/database";
import { and, count, eq, isNull, ne, sql } from "drizzle-orm";
import { type Actor, type OperatorGrants, systemActor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";

/** An operator's roles. Somebody unknown or deactivated has none, and so have the keys that they answer for. */
export async function readGrants(
  { database }: { database: Queryable },
  operatorId: string,
): Promise<OperatorGrants> {
  const rows = await database
    .select({ appId: operatorRoles.appId, role: operatorRoles.role })
    .from(operatorRoles)
    .innerJoin(operators, and(eq(operators.id, operatorRoles.operatorId), isNull(operators.deactivatedAt)))
    .where(eq(operatorRoles.operatorId, operatorId));
  const byApp: Record<string, OperatorRole> = {};
  let all: OperatorRole | null = null;
  for (const { appId, role } of rows) {
    if (appId === null) all = role;
    else byApp[appId] = role;
  }
  return { id: operatorId, roles: { all, byApp } };
}

/**
 * Gives an operator a role in one app or, with `appId` null, in all of them; an earlier role there is replaced.
 *
 * @throws RedressError `invalid_input` when it would leave the desk without an administrator of all apps
 */
export async function grantRole(
  dependencies: Dependencies,
  input: {
    actor: Actor;
    operatorId: string;
    appId: string | null;
    role: OperatorRole;
    correlationId?: string;
  },
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    await lockRoles(transaction);
    const { operatorId, appId, role } = input;
    const here = and(
      eq(operatorRoles.operatorId, operatorId),
      appId === null ? isNull(operatorRoles.appId) : eq(operatorRoles.appId, appId),
    );
    const [earlier] = await transaction.select({ role: operatorRoles.role }).from(operatorRoles).where(here);
    if (earlier?.role === role) return;
    if (appId === null && earlier?.role === "admin") await requireAnotherAdmin(transaction, operatorId);
    const granted = { role, grantedAt: dependencies.clock.now(), grantedBy: input.actor.id };
    if (earlier) {
      await transaction.update(operatorRoles).set(granted).where(here);
    } else {
      const id = newId(dependencies.random, "role");
      await transaction.insert(operatorRoles).values({ id, operatorId, appId, ...granted });
    }
    await recordAudit(dependencies, transaction, {
      actor: input.actor,
      action: "operator_role_granted",
      correlationId: input.correlationId ?? newId(dependencies.random, "correlation"),
      appId,
      before: { role: earlier?.role ?? null },
      after: { role },
      details: { operatorId },
    });
  });
}

/**
 * Makes the very first operator of a new desk its administrator.
 *
 * @returns false, and nothing changed, when anybody has a role already
 */
export async function claimFirstAdmin(
  dependencies: Dependencies,
  input: { operatorId: string },
): Promise<boolean> {
  return dependencies.database.transaction(async (transaction) => {
    await lockRoles(transaction);
    const [roles] = await transaction.select({ count: count() }).from(operatorRoles);
    if (roles === undefined || roles.count > 0) return false;
    await transaction.insert(operatorRoles).values({
      id: newId(dependencies.random, "role"),
      operatorId: input.operatorId,
      appId: null,
      role: "admin",
      grantedAt: dependencies.clock.now(),
      grantedBy: "setup",
    });
    await recordAudit(dependencies, transaction, {
      actor: systemActor("setup"),
      action: "operator_role_granted",
      correlationId: newId(dependencies.random, "correlation"),
      before: { role: null },
      after: { role: "admin" },
      details: { operatorId: input.operatorId },
    });
    return true;
  });
}

/** Whether nobody has signed up yet: the first one becomes the administrator. */
export async function isFirstOperator(dependencies: Dependencies): Promise<boolean> {
  const [row] = await dependencies.database.select({ count: count() }).from(operators);
  return row?.count === 0;
}

/** Decisions that count roles wait for each other. */
export async function lockRoles(transaction: Queryable): Promise<void> {
  await transaction.execute(sql`lock table operator_roles in share row exclusive mode`);
}

/** @throws RedressError `invalid_input` when nobody else who is active is an administrator of all apps */
export async function requireAnotherAdmin(transaction: Queryable, operatorId: string): Promise<void> {
  const [others] = await transaction
    .select({ count: count() })
    .from(operatorRoles)
    .innerJoin(operators, eq(operators.id, operatorRoles.operatorId))
    .where(
      and(
        isNull(operators.deactivatedAt),
        isNull(operatorRoles.appId),
        eq(operatorRoles.role, "admin"),
        ne(operatorRoles.operatorId, operatorId),
      ),
    );
  if (others === undefined || others.count === 0) {
    throw new RedressError(
      "invalid_input",
      "This is the only administrator of all apps. Make somebody else an administrator first.",
    );
  }
}
