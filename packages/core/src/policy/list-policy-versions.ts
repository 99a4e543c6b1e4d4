import { operators, policyVersions } from "@redress/database";
import { and, desc, eq, isNull } from "drizzle-orm";
import { readAppRow } from "../apps/get-app.ts";
import type { Dependencies } from "../dependencies.ts";
import { policyLines } from "./describe-policy.ts";
import { type Policy, storedPolicySchema } from "./policy-document.ts";
import type { PolicyOwner } from "./set-policy.ts";

/** One version of a policy, with who made it and what it changed. */
export interface PolicyVersionView {
  readonly number: number;
  /** Null: from here on the app follows the desk's. */
  readonly policy: Policy | null;
  readonly createdAt: Date;
  /** The operator's name; null for the desk itself, whose migrations and settings write versions too. */
  readonly author: string | null;
  /** Against the version before, in words. */
  readonly change: PolicyChangeInWords;
}

export interface PolicyChangeInWords {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** True when the rules that stayed are in another order, which is what decides. */
  readonly reordered: boolean;
}

/**
 * The newest versions of a policy, newest first.
 *
 * @param input.reasonName what the desk calls a reason of Stripe's
 * @throws RedressError `app_not_found`
 */
export async function listPolicyVersions(
  { database }: Pick<Dependencies, "database">,
  input: { owner: PolicyOwner; limit: number; reasonName?: (reason: string) => string },
): Promise<PolicyVersionView[]> {
  const { owner, limit, reasonName } = input;
  const appId = owner === "desk" ? null : (await readAppRow(database, owner.slug)).id;
  const rows = await database
    .select({ version: policyVersions, author: operators.name })
    .from(policyVersions)
    .leftJoin(
      operators,
      and(eq(operators.id, policyVersions.createdById), eq(policyVersions.createdByKind, "operator")),
    )
    .where(appId === null ? isNull(policyVersions.appId) : eq(policyVersions.appId, appId))
    .orderBy(desc(policyVersions.number))
    // One more, for what the oldest shown is compared with.
    .limit(limit + 1);
  const policies = rows.map(({ version }) =>
    version.document === null ? null : storedPolicySchema.parse(version.document),
  );
  return rows.slice(0, limit).map(({ version, author }, index) => ({
    number: version.number,
    policy: policies[index] ?? null,
    createdAt: version.createdAt,
    author,
    change: comparePolicies(policies[index + 1] ?? null, policies[index] ?? null, reasonName),
  }));
}

/** What a policy says that another did not, and what it no longer says. Null says nothing. */
export function comparePolicies(
  before: Policy | null,
  after: Policy | null,
  reasonName?: (reason: string) => string,
): PolicyChangeInWords {
  const old = before === null ? [] : policyLines(before, reasonName);
  const present = after === null ? [] : policyLines(after, reasonName);
  const removed = old.filter((line) => !present.includes(line));
  const added = present.filter((line) => !old.includes(line));
  const stayedBefore = old.filter((line) => present.includes(line));
  const stayedAfter = present.filter((line) => old.includes(line));
  return { added, removed, reordered: stayedBefore.join("\n") !== stayedAfter.join("\n") };
}
