import { deskSettings, operators, type Queryable } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { OperatorGrants } from "../actor.ts";
import { readGrants } from "./grants.ts";

/**
 * What somebody may decide, by whichever door: nothing while the desk requires a second factor and they have none.
 * Read within the transaction that decides.
 */
export async function readDeciderGrants(
  { database }: { database: Queryable },
  operatorId: string,
): Promise<OperatorGrants> {
  const required = and(eq(deskSettings.key, "second_factor_required"), eq(deskSettings.value, true));
  if ((await database.$count(deskSettings, required)) > 0) {
    const protectedOne = and(eq(operators.id, operatorId), eq(operators.twoFactorEnabled, true));
    if ((await database.$count(operators, protectedOne)) === 0) {
      return { id: operatorId, roles: { all: null, byApp: {} } };
    }
  }
  return readGrants({ database }, operatorId);
}
