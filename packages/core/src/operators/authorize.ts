import {
  apps,
  bulkRefunds,
  notifications,
  purchases,
  type Queryable,
  refundProposals,
  refunds,
} from "@redress/database";
import { eq } from "drizzle-orm";
import type { Grants } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type ErrorCode, RedressError } from "../errors.ts";
import { appOfDeadLetter } from "../webhooks/dead-letters.ts";
import { appOfEvent } from "../webhooks/event-scope.ts";
import { mayKnow, type Permission, requirePermission } from "./permissions.ts";

/**
 * Whose data a route, action or tool touches. `desk`: the whole desk, so the permission is needed for every
 * app. `apps`: what the caller may see, so for some app, and the handler reads within their scope.
 * Otherwise the one app that the id (or slug) in the input belongs to; what belongs to none is the desk's.
 */
export type Owner<Input> =
  | "desk"
  | "apps"
  | { readonly refund: (input: Input) => string }
  | { readonly bulkRefund: (input: Input) => string }
  | { readonly purchase: (input: Input) => string }
  | { readonly app: (input: Input) => string }
  | { readonly event: (input: Input) => string }
  | { readonly deadLetter: (input: Input) => string }
  | { readonly notification: (input: Input) => string }
  | { readonly proposal: (input: Input) => string };

/** The kind of an owner, for people. */
export const ownerKind = (owner: Owner<never>) =>
  typeof owner === "string" ? owner : Object.keys(owner).join();

interface Finding {
  /** Null: it belongs to no app, and so to those who may act in every one. */
  readonly appId: string | null | undefined;
  readonly missing: ErrorCode;
  readonly sentence: string;
}

async function find<Input>(
  { database }: Pick<Dependencies, "database">,
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
  if ("bulkRefund" in owner) {
    const id = owner.bulkRefund(input);
    const rows = await database
      .select({ appId: bulkRefunds.appId })
      .from(bulkRefunds)
      .where(eq(bulkRefunds.id, id));
    return {
      appId: rows[0]?.appId,
      missing: "bulk_refund_not_found",
      sentence:
        "There is no bulk refund with this id that you may see. Look it up in the list of bulk refunds.",
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
  if ("app" in owner) {
    const slug = owner.app(input);
    const rows = await database.select({ appId: apps.id }).from(apps).where(eq(apps.slug, slug));
    return {
      appId: rows[0]?.appId,
      missing: "app_not_found",
      sentence: "There is no app with this slug that you may see. The list of apps has the slugs.",
    };
  }
  return findOfEvents(database, owner, input);
}

async function findOfEvents<Input>(
  database: Queryable,
  owner: Extract<
    Owner<Input>,
    { event: unknown } | { deadLetter: unknown } | { notification: unknown } | { proposal: unknown }
  >,
  input: Input,
): Promise<Finding> {
  if ("event" in owner) {
    return {
      appId: await appOfEvent(database, owner.event(input)),
      missing: "event_not_found",
      sentence: "There is no event with this id that you may see. Look it up in the list of events.",
    };
  }
  if ("deadLetter" in owner) {
    return {
      appId: await appOfDeadLetter(database, owner.deadLetter(input)),
      missing: "dead_letter_not_found",
      sentence: "There is no dead letter with this id that you may see. It may have been sent again already.",
    };
  }
  if ("notification" in owner) {
    const id = owner.notification(input);
    const told = await database
      .select({ appId: notifications.appId })
      .from(notifications)
      .where(eq(notifications.id, id));
    return {
      appId: told[0]?.appId,
      missing: "notification_not_found",
      sentence:
        "There is no notification with this id that you may see. Look it up in the list of deliveries.",
    };
  }
  const rows = await database
    .select({ appId: purchases.appId })
    .from(refundProposals)
    .innerJoin(purchases, eq(purchases.id, refundProposals.purchaseId))
    .where(eq(refundProposals.id, owner.proposal(input)));
  return {
    appId: rows[0]?.appId,
    missing: "proposal_not_found",
    sentence: "There is no proposal with this id that you may see. Look it up in the list of proposals.",
  };
}

/**
 * Refuses who could not do this whatever they sent: judged before what they sent is read, so that who may not is told
 * so and nothing about their input.
 *
 * @throws RedressError permission_denied
 */
export function requireReach(
  grants: Grants,
  { permission, owner }: { permission: Permission; owner: Owner<never> },
): void {
  requirePermission(grants, permission, owner === "desk" ? "all" : "any");
}

/**
 * Lets through whom the permission was granted for the data touched, and nobody else. What belongs to
 * an app that the caller has no role in (or a key that is not for it) is answered like what does not exist.
 *
 * @throws RedressError permission_denied, or the error of what is not there, e.g. refund_not_found
 */
export async function authorize<Input>(
  dependencies: Pick<Dependencies, "database">,
  grants: Grants,
  rule: { permission: Permission; owner: Owner<Input> },
  input: Input,
): Promise<void> {
  const { owner, permission } = rule;
  requireReach(grants, rule);
  if (owner === "desk" || owner === "apps") return;
  const { appId, missing, sentence } = await find(dependencies, owner, input);
  if (appId === undefined || !mayKnow(grants, appId)) throw new RedressError(missing, sentence);
  requirePermission(grants, permission, appId ?? "all");
}
