import { embedKeys, operators, type Transaction } from "@redress/database";
import { desc, eq, type SQL } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { slugsOf } from "../keys/key-view.ts";

/** A helpdesk's key as administrators see it. Its secret was shown once. */
export interface EmbedKeyView {
  readonly id: string;
  readonly name: string;
  readonly origins: readonly string[];
  /** Slugs. */
  readonly apps: readonly string[] | "all";
  readonly createdBy: { readonly id: string; readonly name: string };
  readonly createdAt: Date;
  /** Until when the secret before the present one is believed; null: it is not. */
  readonly previousUntil: Date | null;
  readonly revokedAt: Date | null;
}

/** Every key of a helpdesk, revoked ones too, newest first. */
export async function listEmbedKeys(
  dependencies: Pick<Dependencies, "database" | "clock">,
): Promise<EmbedKeyView[]> {
  return readViews(dependencies, undefined);
}

/** @throws RedressError `embed_key_not_found` */
export async function getEmbedKey(
  dependencies: Pick<Dependencies, "database" | "clock">,
  { keyId }: { keyId: string },
): Promise<EmbedKeyView> {
  const [key] = await readViews(dependencies, eq(embedKeys.id, keyId));
  if (!key) throw notFound(keyId);
  return key;
}

/**
 * The key's row, locked.
 *
 * @throws RedressError `embed_key_not_found`
 */
export async function lockEmbedKey(
  transaction: Transaction,
  keyId: string,
): Promise<typeof embedKeys.$inferSelect> {
  const [key] = await transaction.select().from(embedKeys).where(eq(embedKeys.id, keyId)).for("update");
  if (!key) throw notFound(keyId);
  return key;
}

function notFound(keyId: string): RedressError {
  return new RedressError(
    "embed_key_not_found",
    "There is no key of a helpdesk with this id. Look it up in the list of them.",
    { details: { keyId } },
  );
}

async function readViews(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  where: SQL | undefined,
): Promise<EmbedKeyView[]> {
  const rows = await database
    .select({ key: embedKeys, ownerName: operators.name })
    .from(embedKeys)
    .innerJoin(operators, eq(operators.id, embedKeys.createdBy))
    .where(where)
    .orderBy(desc(embedKeys.createdAt), desc(embedKeys.id));
  const slugs = await slugsOf(
    database,
    rows.flatMap(({ key }) => key.appIds ?? []),
  );
  const now = clock.now();
  return rows.map(({ key, ownerName }) => ({
    id: key.id,
    name: key.name,
    origins: key.origins,
    apps: key.appIds === null ? "all" : key.appIds.flatMap((appId) => slugs.get(appId) ?? []),
    createdBy: { id: key.createdBy, name: ownerName },
    createdAt: key.createdAt,
    previousUntil:
      key.previousSecretUntil !== null && key.previousSecretUntil > now ? key.previousSecretUntil : null,
    revokedAt: key.revokedAt,
  }));
}
