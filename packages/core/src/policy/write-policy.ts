import { policyVersions, type Transaction } from "@redress/database";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { type Policy, storedPolicySchema } from "./policy-document.ts";
import { readNewestVersions } from "./policy-in-force.ts";

export interface PolicyChange {
  /** Null: the desk's own, for apps that have none. */
  readonly appId: string | null;
  /** Null: the app has none any more, and follows the desk's. */
  readonly policy: Policy | null;
  /** The number of the newest version that the author has seen, 0 for none; not compared when left out. */
  readonly seenVersion?: number | undefined;
  readonly actor: Actor;
  readonly correlationId: string;
}

/**
 * Puts a new version in force, with its audit entry, in the caller's transaction. What says nothing new
 * writes nothing.
 *
 * @returns the number of the newest version, 0 when there was none and none is needed
 * @throws RedressError `policy_changed` when another version came first
 */
export async function writePolicy(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  change: PolicyChange,
): Promise<number> {
  const { appId, actor, correlationId } = change;
  const before = (await readNewestVersions(transaction, appId === null ? [] : [appId])).get(appId);
  const number = before?.number ?? 0;
  if (change.seenVersion !== undefined && change.seenVersion !== number) throw policyChanged(number);
  const policy: Record<string, unknown> | null = change.policy && { ...change.policy };
  if (canonical(policy) === canonical(asItIsRead(before?.document ?? null))) return number;
  const id = newId(dependencies.random, "policyVersion");
  const written = await transaction
    .insert(policyVersions)
    .values({
      id,
      appId,
      number: number + 1,
      document: policy,
      createdAt: dependencies.clock.now(),
      createdByKind: authorKind(actor),
      createdById: actor.id,
    })
    .onConflictDoNothing()
    .returning({ id: policyVersions.id });
  if (written.length === 0) throw policyChanged(number + 1);
  await recordAudit(dependencies, transaction, {
    actor,
    action: "policy_changed",
    correlationId,
    appId,
    before: { policyVersion: before?.id ?? null, policy: before?.document ?? null },
    after: { policyVersion: id, policy },
    details: { version: number + 1 },
  });
  return number + 1;
}

function policyChanged(version: number): RedressError {
  return new RedressError(
    "policy_changed",
    "Somebody has changed this policy meanwhile, so yours was not written. Read it again, and change what is there now.",
    { details: { version } },
  );
}

function authorKind({ kind }: Actor): "operator" | "agent" | "system" {
  return kind === "operator" || kind === "agent" ? kind : "system";
}

/** An older version leaves out what came later. */
function asItIsRead(document: unknown): unknown {
  return document === null ? null : storedPolicySchema.parse(document);
}

/** jsonb keeps no order of names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
