import {
  type AgentPermission,
  type ApproverRole,
  agentPermissions,
  type OperatorRole,
} from "@redress/database";
import type { Grants, OperatorGrants } from "../actor.ts";
import { RedressError } from "../errors.ts";

const viewer = ["purchases.read", "refunds.read", "apps.read"] as const;
const agent = [...viewer, "refunds.request", "refunds.withdraw"] as const;
const approver = [...agent, "refunds.decide", "audit.read"] as const;
const admin = [...approver, "apps.manage", "connections.manage", "operators.manage", "keys.manage"] as const;

export const permissions = admin;
export type Permission = (typeof permissions)[number];

const permissionsOfRole: Readonly<Record<OperatorRole, readonly Permission[]>> = {
  viewer,
  agent,
  approver,
  admin,
};

/**
 * The apps in which somebody has a permission. A key has those that it was given and its owner has: the
 * smaller of both.
 */
export function permittedApps(grants: Grants, permission: Permission): readonly string[] | "all" {
  if (!("owner" in grants)) return appsOfRoles(grants, permission);
  if (!isAgentPermission(permission) || !grants.permissions.includes(permission)) return [];
  const owners = appsOfRoles(grants.owner, permission);
  const { appIds } = grants;
  if (appIds === "all") return owners;
  return owners === "all" ? appIds : appIds.filter((appId) => owners.includes(appId));
}

function appsOfRoles({ roles }: OperatorGrants, permission: Permission): readonly string[] | "all" {
  const allows = (role: OperatorRole | null) => role !== null && permissionsOfRole[role].includes(permission);
  if (allows(roles.all)) return "all";
  return Object.entries(roles.byApp).flatMap(([appId, role]) => (allows(role) ? [appId] : []));
}

function isAgentPermission(permission: Permission): permission is AgentPermission {
  return agentPermissions.some((one) => one === permission);
}

/**
 * Whether somebody may know at all that something of this app exists: who has no role in it may not, nor a
 * key that is for other apps.
 *
 * @param appId null: it belongs to no app, and so to those who may act in every one
 */
export function mayKnow(grants: Grants, appId: string | null): boolean {
  if ("owner" in grants) {
    const isKeys = grants.appIds === "all" || (appId !== null && grants.appIds.includes(appId));
    return isKeys && mayKnow(grants.owner, appId);
  }
  return grants.roles.all !== null || (appId !== null && Object.hasOwn(grants.roles.byApp, appId));
}

/**
 * @param where an app's id, `any` (in at least one app) or `all` (in every app, those to come too)
 * @throws RedressError `permission_denied`
 */
export function requirePermission(
  grants: Grants,
  permission: Permission,
  where: string | "any" | "all",
): void {
  const apps = permittedApps(grants, permission);
  if (apps === "all") return;
  if (where === "any" ? apps.length > 0 : where !== "all" && apps.includes(where)) return;
  throw new RedressError(
    "permission_denied",
    "owner" in grants
      ? "This key does not allow it, or the person who answers for the key may not do it. A person of this desk has to do it, or has to give you another key."
      : "Your role does not allow this. Ask an administrator of this desk to do it, or to give you the role.",
    { details: { permission } },
  );
}

interface Approvable {
  readonly appId: string;
  readonly approverRole: ApproverRole;
}

/** Whether somebody may approve a request of this app, in the role that the policy wants. */
export function mayApprove(grants: OperatorGrants, refund: Approvable): boolean {
  const apps = permittedApps(grants, "refunds.decide");
  return (apps === "all" || apps.includes(refund.appId)) && hasRole(grants, refund);
}

function hasRole({ roles }: OperatorGrants, { appId, approverRole }: Approvable): boolean {
  if (approverRole === "approver" || roles.all === "admin") return true;
  return Object.hasOwn(roles.byApp, appId) && roles.byApp[appId] === "admin";
}

/**
 * Asks for the role that the policy wants an approver of this request to have.
 *
 * @throws RedressError `permission_denied`
 */
export function requireApprover(grants: OperatorGrants, refund: Approvable): void {
  if (hasRole(grants, refund)) return;
  throw new RedressError(
    "permission_denied",
    "The app's policy wants an admin to approve this request. Ask an administrator of this app.",
    { details: { approverRole: refund.approverRole } },
  );
}
