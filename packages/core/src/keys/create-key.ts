import { apiKeySecrets, apiKeys, apps, type Queryable, type Transaction } from "@redress/database";
import { inArray } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { longestLifeMs, type NewKey, usualLifeMs } from "./key-input.ts";
import { newKeySecret, shownPart } from "./key-secret.ts";
import { getKey, type KeyView } from "./key-view.ts";

/**
 * Makes a key for a program. Whoever makes it sees its secret, and so answers for what is done with it: the
 * key is theirs, and they can never approve what it asks for.
 *
 * @param input.ownerId the operator who makes it; whether they may is judged by the caller
 * @returns `secret` is not shown again; a lost one is rotated
 * @throws RedressError `app_not_found`, `invalid_input` for an expiry in the past or over a year away
 */
export async function createKey(
  dependencies: Dependencies,
  input: NewKey & { ownerId: string; correlationId: string },
): Promise<{ key: KeyView; secret: string }> {
  const { ownerId, name, permissions, ratePerMinute, correlationId } = input;
  const now = dependencies.clock.now();
  const expiresAt = input.expiresAt ?? new Date(now.getTime() + usualLifeMs);
  requireSensibleExpiry(expiresAt, now);
  const appIds = input.apps === undefined ? null : await appIdsOf(dependencies.database, input.apps);
  const keyId = newId(dependencies.random, "apiKey");
  const secret = await dependencies.database.transaction(async (transaction) => {
    await transaction.insert(apiKeys).values({
      id: keyId,
      kind: "agent",
      name,
      ownerId,
      permissions,
      appIds,
      ratePerMinute,
      rateFreeAt: now,
      createdAt: now,
      expiresAt,
    });
    const made = await addSecret(dependencies, transaction, keyId);
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: ownerId },
      action: "api_key_created",
      correlationId,
      after: { permissions, appIds: appIds ?? "all", ratePerMinute, expiresAt: expiresAt.toISOString() },
      // Not the name: people put names of people into it, and the log keeps what it says for ever.
      details: { keyId, prefix: shownPart(made) },
    });
    return made;
  });
  return { key: await getKey(dependencies, { keyId }), secret };
}

/** Gives a key a new present secret. The one before must have an end by now. */
export async function addSecret(
  dependencies: Pick<Dependencies, "clock" | "random" | "secrets">,
  transaction: Transaction,
  keyId: string,
): Promise<string> {
  const secret = newKeySecret(dependencies.random);
  const [hash] = dependencies.secrets.fingerprints(secret);
  const createdAt = dependencies.clock.now();
  await transaction.insert(apiKeySecrets).values({ hash, keyId, prefix: shownPart(secret), createdAt });
  return secret;
}

function requireSensibleExpiry(expiresAt: Date, now: Date): void {
  const life = expiresAt.getTime() - now.getTime();
  if (life > 0 && life <= longestLifeMs) return;
  throw new RedressError(
    "invalid_input",
    "Correct this and send it again. expiresAt: must be in the future, and at most 366 days away.",
    { details: { fields: [{ field: "expiresAt", message: "must be within 366 days from now" }] } },
  );
}

/** The ids of apps, all of which must be there. @throws RedressError `app_not_found` */
export async function appIdsOf(database: Queryable, slugs: readonly string[]): Promise<string[]> {
  const rows = await database
    .select({ id: apps.id, slug: apps.slug })
    .from(apps)
    .where(inArray(apps.slug, [...slugs]));
  const missing = slugs.find((slug) => !rows.some((row) => row.slug === slug));
  if (missing === undefined) return rows.map(({ id }) => id);
  throw new RedressError(
    "app_not_found",
    "There is no app with this slug. Choose one from the list of apps.",
    {
      details: { slug: missing },
    },
  );
}
