import type { Dependencies } from "@redress/core/dependencies";
import { apps, operatorRoles, operators } from "@redress/database";
import { asc, eq } from "drizzle-orm";

export interface OperatorView {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly createdAt: Date;
  /** `app` is null for a role in every app. */
  readonly roles: readonly {
    readonly role: (typeof operatorRoles.$inferSelect)["role"];
    readonly app: string | null;
  }[];
}

/** Everybody who can sign in, with their roles. */
export async function listOperators({ database }: Dependencies): Promise<OperatorView[]> {
  const rows = await database
    .select({
      id: operators.id,
      name: operators.name,
      email: operators.email,
      createdAt: operators.createdAt,
      role: operatorRoles.role,
      app: apps.slug,
    })
    .from(operators)
    .leftJoin(operatorRoles, eq(operatorRoles.operatorId, operators.id))
    .leftJoin(apps, eq(apps.id, operatorRoles.appId))
    .orderBy(asc(operators.name), asc(operators.id), asc(apps.slug));
  const people = new Map<string, OperatorView & { roles: OperatorView["roles"][number][] }>();
  for (const { role, app, ...operator } of rows) {
    const person = people.get(operator.id) ?? { ...operator, roles: [] };
    if (role !== null) person.roles.push({ role, app });
    people.set(operator.id, person);
  }
  return [...people.values()];
}
