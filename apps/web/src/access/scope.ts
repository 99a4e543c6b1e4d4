import type { OperatorGrants } from "@redress/core/actor";
import { type Permission, permittedApps } from "@redress/core/operators/permissions";

/** Which apps an operator may see with a permission: all of them, or these ids. */
export type Scope = string[] | "all";

/** The apps in which the operator has the permission. An empty list shows nothing. */
export function scopeOf(grants: OperatorGrants, permission: Permission): Scope {
  const apps = permittedApps(grants, permission);
  return apps === "all" ? "all" : [...apps];
}

/** Whether the operator has the permission in this app; for hiding what would be refused. */
export function allows(grants: OperatorGrants, permission: Permission, appId: string): boolean {
  const scope = scopeOf(grants, permission);
  return scope === "all" || scope.includes(appId);
}
