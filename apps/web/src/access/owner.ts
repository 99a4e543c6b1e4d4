import type { OperatorGrants } from "@redress/core/actor";
import type { Dependencies } from "@redress/core/dependencies";
import { type ErrorCode, RedressError } from "@redress/core/errors";
import { type Permission, requirePermission } from "@redress/core/operators/permissions";
import { apps, purchases, refunds } from "@redress/database";
import { eq } from "drizzle-orm";

/**
 * Whose data a route or action touches. `desk`: the whole desk, so the permission is needed for every
 * app. `apps`: what the operator may see, so for some app, and the handler reads within its scope.
 * `one`: one app's data, found by what the caller named.
 */
export type Owner<Input> =
  | { readonly kind: "desk" }
  | { readonly kind: "apps" }
  | {
      readonly kind: "one";
      readonly missing: ErrorCode;
      readonly sentence: string;
      readonly find: (dependencies: Dependencies, input: Input) => Promise<string | undefined>;
    };

export const desk = { kind: "desk" } as const;
export const someApps = { kind: "apps" } as const;

/** The app that a refund belongs to. */
export const ownerOfRefund = <Input>(refundId: (input: Input) => string): Owner<Input> => ({
  kind: "one",
  missing: "refund_not_found",
  sentence: "There is no refund with this id that you may see. Look it up in the list of refunds.",
  find: async ({ database }, input) => {
    const rows = await database
      .select({ appId: refunds.appId })
      .from(refunds)
      .where(eq(refunds.id, refundId(input)));
    return rows[0]?.appId;
  },
});

/** The app that a purchase belongs to. */
export const ownerOfPurchase = <Input>(purchaseId: (input: Input) => string): Owner<Input> => ({
  kind: "one",
  missing: "purchase_not_found",
  sentence: "There is no purchase with this id that you may see. Search for the customer instead.",
  find: async ({ database }, input) => {
    const rows = await database
      .select({ appId: purchases.appId })
      .from(purchases)
      .where(eq(purchases.id, purchaseId(input)));
    return rows[0]?.appId;
  },
});

/** The app of a slug. */
export const ownerOfApp = <Input>(slug: (input: Input) => string): Owner<Input> => ({
  kind: "one",
  missing: "app_not_found",
  sentence: "There is no app with this slug that you may see. The list of apps has the slugs.",
  find: async ({ database }, input) => {
    const rows = await database
      .select({ id: apps.id })
      .from(apps)
      .where(eq(apps.slug, slug(input)));
    return rows[0]?.id;
  },
});

/**
 * Lets through whom the permission was granted for the data touched, and nobody else. What belongs to
 * an app that the operator has no role in is answered like what does not exist.
 *
 * @throws RedressError permission_denied, or the owner's `missing`
 */
export async function authorize<Input>(
  dependencies: Dependencies,
  grants: OperatorGrants,
  rule: { permission: Permission; owner: Owner<Input> },
  input: Input,
): Promise<void> {
  const { owner, permission } = rule;
  if (owner.kind === "desk") return requirePermission(grants, permission, "all");
  requirePermission(grants, permission, "any");
  if (owner.kind === "apps") return;
  const appId = await owner.find(dependencies, input);
  const known = appId !== undefined && (grants.roles.all !== null || appId in grants.roles.byApp);
  if (!known) throw new RedressError(owner.missing, owner.sentence);
  requirePermission(grants, permission, appId);
}
