import type { Grants } from "@redress/core/actor";
import { type Permission, permittedApps } from "@redress/core/operators/permissions";

/** Which apps somebody may see with a permission: all of them, or these ids. */
export type Scope = string[] | "all";

/** The apps in which somebody has the permission. An empty list shows nothing. */
export function scopeOf(grants: Grants, permission: Permission): Scope {
  const apps = permittedApps(grants, permission);
  return apps === "all" ? "all" : [...apps];
}

/** Whether somebody has the permission in this app; for hiding what would be refused. */
export function allows(grants: Grants, permission: Permission, appId: string): boolean {
  const scope = scopeOf(grants, permission);
  return scope === "all" || scope.includes(appId);
}
