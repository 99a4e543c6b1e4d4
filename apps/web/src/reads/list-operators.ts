import type { Dependencies } from "@redress/core/dependencies";
import { isOpenInvitation } from "@redress/core/operators/invitation-row";
import { apps, operatorInvitations, operatorRoles, operators } from "@redress/database";
import { asc, eq } from "drizzle-orm";

export interface OperatorView {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly createdAt: Date;
  readonly hasSecondFactor: boolean;
  readonly deactivatedAt: Date | null;
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
      hasSecondFactor: operators.twoFactorEnabled,
      deactivatedAt: operators.deactivatedAt,
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

/** Invitations that were neither accepted nor revoked, the ones that lapsed too. */
export async function listInvitations({ database }: Dependencies) {
  return database
    .select({
      id: operatorInvitations.id,
      email: operatorInvitations.email,
      role: operatorInvitations.role,
      app: apps.slug,
      expiresAt: operatorInvitations.expiresAt,
    })
    .from(operatorInvitations)
    .leftJoin(apps, eq(apps.id, operatorInvitations.appId))
    .where(isOpenInvitation)
    .orderBy(asc(operatorInvitations.email));
}
