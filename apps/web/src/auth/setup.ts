import { systemActor } from "@redress/core/actor";
import type { Dependencies } from "@redress/core/dependencies";
import { RedressError } from "@redress/core/errors";
import { claimFirstAdmin } from "@redress/core/operators/grants";
import { operatorRoles, operators } from "@redress/database";
import { and, eq, notExists, sql } from "drizzle-orm";
import { createOperator, type NewOperator } from "./create-operator.ts";

/** Any fixed number that nothing else in this database locks (the audit's sealer has 7,336,378). */
const setupLock = 7_336_379;

/** Whether the desk still waits for its first administrator: nobody has a role. */
export async function isSetupOpen({ database }: Pick<Dependencies, "database">): Promise<boolean> {
  const rows = await database.select({ id: operatorRoles.id }).from(operatorRoles).limit(1);
  return rows.length === 0;
}

/**
 * Makes the first administrator. Two who try at once cannot both succeed: the lock lets one in, and
 * whoever comes later finds the desk taken.
 *
 * @throws RedressError permission_denied when the desk has an administrator, or is getting one now
 */
export async function createFirstAdmin(
  dependencies: Dependencies,
  input: { operator: NewOperator; correlationId: string },
): Promise<{ operatorId: string }> {
  return dependencies.database.transaction(async (transaction) => {
    const lock = await transaction.execute<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(${setupLock}) as mine`,
    );
    if (!lock.rows[0]?.mine || !(await isSetupOpen(dependencies))) {
      throw new RedressError("permission_denied", "This desk has an administrator already. Sign in instead.");
    }
    // Left by a setup that was cut off before it gave the role.
    await dependencies.database
      .delete(operators)
      .where(
        and(
          eq(operators.email, input.operator.email),
          notExists(dependencies.database.select().from(operatorRoles)),
        ),
      );
    const created = await createOperator(dependencies, { ...input, actor: systemActor("setup") });
    await claimFirstAdmin(dependencies, created);
    return created;
  });
}
