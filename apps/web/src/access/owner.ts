import type { OperatorGrants } from "@redress/core/actor";
import type { Dependencies } from "@redress/core/dependencies";
import { type ErrorCode, RedressError } from "@redress/core/errors";
import { type Permission, requirePermission } from "@redress/core/operators/permissions";
import { apps, purchases, refunds } from "@redress/database";
import { eq } from "drizzle-orm";

/**
 * Whose data a route or action touches. `desk`: the whole desk, so the permission is needed for every
 * app. `apps`: what the operator may see, so for some app, and the handler reads within its scope.
 * Otherwise the one app that a refund id, purchase id or app slug of the input belongs to.
 */
export type Owner<Input> =
  | "desk"
  | "apps"
  | { readonly refund: (input: Input) => string }
  | { readonly purchase: (input: Input) => string }
  | { readonly app: (input: Input) => string };

/** The kind of an owner, for people. */
export const ownerKind = (owner: Owner<never>) =>
  typeof owner === "string" ? owner : Object.keys(owner).join();

interface Finding {
  readonly appId: string | undefined;
  readonly missing: ErrorCode;
  readonly sentence: string;
}

async function find<Input>(
  { database }: Dependencies,
  owner: Exclude<Owner<Input>, string>,
  input: Input,
): Promise<Finding> {
  if ("refund" in owner) {
    const id = owner.refund(input);
    const rows = await database.select({ appId: refunds.appId }).from(refunds).where(eq(refunds.id, id));
    return {
      appId: rows[0]?.appId,
      missing: "refund_not_found",
      sentence: "There is no refund with this id that you may see. Look it up in the list of refunds.",
    };
  }
  if ("purchase" in owner) {
    const id = owner.purchase(input);
    const rows = await database
      .select({ appId: purchases.appId })
      .from(purchases)
      .where(eq(purchases.id, id));
    return {
      appId: rows[0]?.appId,
      missing: "purchase_not_found",
      sentence: "There is no purchase with this id that you may see. Search for the customer instead.",
    };
  }
  const rows = await database
    .select({ appId: apps.id })
    .from(apps)
    .where(eq(apps.slug, owner.app(input)));
  return {
    appId: rows[0]?.appId,
    missing: "app_not_found",
    sentence: "There is no app with this slug that you may see. The list of apps has the slugs.",
  };
}

/**
 * Lets through whom the permission was granted for the data touched, and nobody else. What belongs to
 * an app that the operator has no role in is answered like what does not exist.
 *
 * @throws RedressError permission_denied, or refund_not_found, purchase_not_found, app_not_found
 */
export async function authorize<Input>(
  dependencies: Dependencies,
  grants: OperatorGrants,
  rule: { permission: Permission; owner: Owner<Input> },
  input: Input,
): Promise<void> {
  const { owner, permission } = rule;
  if (owner === "desk") return requirePermission(grants, permission, "all");
  requirePermission(grants, permission, "any");
  if (owner === "apps") return;
  const { appId, missing, sentence } = await find(dependencies, owner, input);
  const known =
    appId !== undefined && (grants.roles.all !== null || Object.hasOwn(grants.roles.byApp, appId));
  if (!known) throw new RedressError(missing, sentence);
  requirePermission(grants, permission, appId);
}
