import {
  type AgentPermission,
  apiKeySecrets,
  apiKeys,
  apps,
  operators,
  type Queryable,
} from "@redress/database";
import { asc, desc, eq, inArray, type SQL } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";

/** A key as people see it. Its secrets are shown by their first characters only. */
export interface KeyView {
  readonly id: string;
  readonly kind: "agent";
  readonly name: string;
  /** The person who made it and answers for it. */
  readonly owner: { readonly id: string; readonly name: string };
  readonly permissions: readonly AgentPermission[];
  /** Slugs, or every app of the owner's. */
  readonly apps: readonly string[] | "all";
  readonly ratePerMinute: number;
  readonly status: "active" | "expired" | "revoked";
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  /** Where its program is told of its refunds, and how the last message went; null when it is not. */
  readonly webhook: {
    readonly url: string;
    readonly lastOutcome: string | null;
    readonly lastAt: Date | null;
  } | null;
  /** Newest first: the present one (`endsAt` null), and those that a rotation replaced. */
  readonly secrets: readonly {
    readonly prefix: string;
    readonly createdAt: Date;
    readonly endsAt: Date | null;
    readonly lastUsedAt: Date | null;
  }[];
}

type KeyRow = typeof apiKeys.$inferSelect;

/** Every key of the desk, ended ones too, newest first. */
export async function listKeys(dependencies: Pick<Dependencies, "database" | "clock">): Promise<KeyView[]> {
  return readKeyViews(dependencies, undefined);
}

/** @throws RedressError `key_not_found` */
export async function getKey(
  dependencies: Pick<Dependencies, "database" | "clock">,
  { keyId }: { keyId: string },
): Promise<KeyView> {
  const [key] = await readKeyViews(dependencies, eq(apiKeys.id, keyId));
  if (!key) throw keyNotFound(keyId);
  return key;
}

export function keyNotFound(keyId: string): RedressError {
  return new RedressError("key_not_found", "There is no key with this id. Look it up in the list of keys.", {
    details: { keyId },
  });
}

async function readKeyViews(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  where: SQL | undefined,
): Promise<KeyView[]> {
  const rows = await database
    .select({ key: apiKeys, ownerName: operators.name })
    .from(apiKeys)
    .innerJoin(operators, eq(operators.id, apiKeys.ownerId))
    .where(where)
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id));
  const keyIds = rows.map(({ key }) => key.id);
  const secrets = await database
    .select()
    .from(apiKeySecrets)
    .where(inArray(apiKeySecrets.keyId, keyIds))
    .orderBy(desc(apiKeySecrets.createdAt));
  const slugs = await slugsOf(
    database,
    rows.flatMap(({ key }) => key.appIds ?? []),
  );
  return rows.map(({ key, ownerName }) => {
    const own = secrets.filter(({ keyId }) => keyId === key.id);
    return {
      ...viewOf(key, clock.now()),
      owner: { id: key.ownerId, name: ownerName },
      apps: key.appIds === null ? "all" : key.appIds.flatMap((appId) => slugs.get(appId) ?? []),
      lastUsedAt: latest(own.map(({ lastUsedAt }) => lastUsedAt)),
      secrets: own.map(({ prefix, createdAt, endsAt, lastUsedAt }) => ({
        prefix,
        createdAt,
        endsAt,
        lastUsedAt,
      })),
    };
  });
}

function viewOf(key: KeyRow, now: Date) {
  const { id, kind, name, permissions, ratePerMinute, createdAt, expiresAt, revokedAt } = key;
  const ended = expiresAt <= now ? ("expired" as const) : ("active" as const);
  const status = revokedAt === null ? ended : ("revoked" as const);
  const webhook =
    key.webhookUrl === null
      ? null
      : { url: key.webhookUrl, lastOutcome: key.webhookLastOutcome, lastAt: key.webhookLastAt };
  return { id, kind, name, permissions, ratePerMinute, webhook, createdAt, expiresAt, revokedAt, status };
}

/** The slugs of apps, by their ids. */
export async function slugsOf(
  database: Queryable,
  appIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (appIds.length === 0) return new Map();
  const rows = await database
    .select({ id: apps.id, slug: apps.slug })
    .from(apps)
    .where(inArray(apps.id, [...new Set(appIds)]))
    .orderBy(asc(apps.slug));
  return new Map(rows.map(({ id, slug }) => [id, slug]));
}

function latest(moments: readonly (Date | null)[]): Date | null {
  return moments.reduce((best, one) => (one !== null && (best === null || one > best) ? one : best), null);
}
