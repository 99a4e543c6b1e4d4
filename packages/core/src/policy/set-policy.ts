import type { Queryable } from "@redress/database";
import type { Actor } from "../actor.ts";
import { readAppRow } from "../apps/get-app.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { parseInput } from "../parse-input.ts";
import type { Policy } from "./policy-document.ts";
import { chooseInForce, readNewestVersions } from "./policy-in-force.ts";
import { policySchema } from "./policy-schema.ts";
import { writePolicy } from "./write-policy.ts";

/** Whose policy: an app's, by its slug, or the desk's own. */
export type PolicyOwner = { readonly slug: string } | "desk";

/** What judges requests now. `version` is what `seenVersion` of the next change is compared with. */
export interface PolicyView {
  /** The newest version of its own policy, 0 when it never had one. */
  readonly version: number;
  /** True when the app has none, and the desk's is in force for it. */
  readonly followsDesk: boolean;
  readonly policy: Policy;
}

/** @throws RedressError `app_not_found` */
export async function getPolicy(
  { database }: Pick<Dependencies, "database">,
  owner: PolicyOwner,
): Promise<PolicyView> {
  return readView(database, owner === "desk" ? null : (await readAppRow(database, owner.slug)).id);
}

/**
 * Puts a policy in force. What an earlier version let out and is not sent yet is judged by the new one.
 *
 * @param input.policy as `policySchema` has it; null: the app follows the desk's
 * @param input.seenVersion the version that its author had read; not compared when left out
 * @throws RedressError `invalid_input`, `app_not_found`, `policy_changed`
 */
export async function setPolicy(
  dependencies: Pick<Dependencies, "database" | "clock" | "random">,
  input: {
    actor: Actor;
    correlationId?: string | undefined;
    owner: PolicyOwner;
    policy: unknown;
    seenVersion?: number | undefined;
  },
): Promise<PolicyView> {
  const { actor, owner, seenVersion } = input;
  const mayFollow = input.policy === null && owner !== "desk";
  const policy = mayFollow ? null : parseInput(policySchema, input.policy);
  const correlationId = input.correlationId ?? newId(dependencies.random, "correlation");
  return dependencies.database.transaction(async (transaction) => {
    const appId = owner === "desk" ? null : (await readAppRow(transaction, owner.slug, { lock: true })).id;
    await writePolicy(dependencies, transaction, { appId, policy, seenVersion, actor, correlationId });
    return readView(transaction, appId);
  });
}

async function readView(queryable: Queryable, appId: string | null): Promise<PolicyView> {
  const newest = await readNewestVersions(queryable, appId === null ? [] : [appId]);
  const { policy, isDefault } = chooseInForce(newest, appId ?? "");
  return { version: newest.get(appId)?.number ?? 0, followsDesk: appId !== null && isDefault, policy };
}
