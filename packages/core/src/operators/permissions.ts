import type { ApproverRole, OperatorRole } from "@redress/database";
import type { OperatorGrants } from "../actor.ts";
import { RedressError } from "../errors.ts";

const viewer = ["purchases.read", "refunds.read", "apps.read"] as const;
const agent = [...viewer, "refunds.request", "refunds.withdraw"] as const;
const approver = [...agent, "refunds.decide", "audit.read"] as const;
const admin = [...approver, "apps.manage", "connections.manage", "operators.manage"] as const;

export const permissions = admin;
export type Permission = (typeof permissions)[number];

const permissionsOfRole: Readonly<Record<OperatorRole, readonly Permission[]>> = {
  viewer,
  agent,
  approver,
  admin,
};

/** The apps in which an operator has a permission. */
export function permittedApps(grants: OperatorGrants, permission: Permission): readonly string[] | "all" {
  const allows = (role: OperatorRole | null) => role !== null && permissionsOfRole[role].includes(permission);
  if (allows(grants.roles.all)) return "all";
  return Object.entries(grants.roles.byApp).flatMap(([appId, role]) => (allows(role) ? [appId] : []));
}

/**
 * @param where an app's id, `any` (in at least one app) or `all` (in every app, those to come too)
 * @throws RedressError `permission_denied`
 */
export function requirePermission(
  grants: OperatorGrants,
  permission: Permission,
  where: string | "any" | "all",
): void {
  const apps = permittedApps(grants, permission);
  if (apps === "all") return;
  if (where === "any" ? apps.length > 0 : where !== "all" && apps.includes(where)) return;
  throw new RedressError(
    "permission_denied",
    "Your role does not allow this. Ask an administrator of this desk to do it, or to give you the role.",
    { details: { permission } },
  );
}

/**
 * Asks for the role that the policy wants an approver of this request to have.
 *
 * @throws RedressError `permission_denied`
 */
export function requireApprover(
  { roles }: OperatorGrants,
  refund: { readonly appId: string; readonly approverRole: ApproverRole },
): void {
  if (refund.approverRole === "approver" || roles.all === "admin") return;
  if (Object.hasOwn(roles.byApp, refund.appId) && roles.byApp[refund.appId] === "admin") return;
  throw new RedressError(
    "permission_denied",
    "The app's policy wants an admin to approve this request. Ask an administrator of this app.",
    { details: { approverRole: refund.approverRole } },
  );
}
