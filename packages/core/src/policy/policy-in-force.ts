import { policyVersions, type Queryable } from "@redress/database";
import { desc, inArray, isNull, or } from "drizzle-orm";
import { type Policy, storedPolicySchema } from "./policy-document.ts";

/** What an app's requests are judged by now. */
export interface PolicyInForce {
  readonly versionId: string;
  /** Counts the versions of whose it is: the app's own, or the desk's. */
  readonly version: number;
  /** True for the desk's, which is in force for apps that have none of their own. */
  readonly isDefault: boolean;
  readonly policy: Policy;
}

type VersionRow = typeof policyVersions.$inferSelect;

/** The newest versions of the apps' own policies, and under null of the desk's. */
export async function readNewestVersions(
  queryable: Queryable,
  appIds: readonly string[],
): Promise<ReadonlyMap<string | null, VersionRow>> {
  const rows = await queryable
    .selectDistinctOn([policyVersions.appId])
    .from(policyVersions)
    .where(or(inArray(policyVersions.appId, [...appIds]), isNull(policyVersions.appId)))
    .orderBy(policyVersions.appId, desc(policyVersions.number));
  return new Map(rows.map((row) => [row.appId, row]));
}

/** The policy in force of an app, its own or the desk's. */
export async function policyInForce(queryable: Queryable, appId: string): Promise<PolicyInForce> {
  return chooseInForce(await readNewestVersions(queryable, [appId]), appId);
}

/** @param newest what `readNewestVersions` answered */
export function chooseInForce(newest: ReadonlyMap<string | null, VersionRow>, appId: string): PolicyInForce {
  const own = newest.get(appId);
  const row = own === undefined || own.document === null ? newest.get(null) : own;
  if (row === undefined) throw new Error("the desk has no policy, which its migrations write");
  return {
    versionId: row.id,
    version: row.number,
    isDefault: row.appId === null,
    policy: storedPolicySchema.parse(row.document),
  };
}
