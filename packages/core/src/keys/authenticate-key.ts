import { apiKeySecrets, apiKeys, type KeyRefusal } from "@redress/database";
import { and, eq, inArray, isNull, lte, or } from "drizzle-orm";
import type { AgentGrants } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type ErrorCode, RedressError } from "../errors.ts";
import { readGrants } from "../operators/grants.ts";
import { isKeySecret } from "./key-secret.ts";
import { noteRefusal } from "./note-refusal.ts";
import { takeCall } from "./take-call.ts";

const minuteMs = 60_000;

type SecretRow = typeof apiKeySecrets.$inferSelect;
type KeyRow = typeof apiKeys.$inferSelect;

/**
 * Whose key this is, and what it may do now: at each call its owner's roles are read anew. The secret is found
 * by its keyed hash, so that neither the database nor the time an answer takes tells anything of it.
 *
 * @throws RedressError `key_invalid`, `key_expired` (the key, or a secret that a rotation replaced),
 *   `key_revoked`, `rate_limited`
 */
export async function authenticateKey(
  dependencies: Pick<Dependencies, "database" | "clock" | "secrets">,
  input: { secret: string; correlationId: string },
): Promise<AgentGrants> {
  const { key, secret } = await findSecret(dependencies, input.secret);
  const refusal = refusalOf(key, secret, dependencies.clock.now());
  if (refusal !== null) {
    const { id: keyId, ownerId } = key;
    const { correlationId } = input;
    const details = { prefix: secret.prefix };
    await noteRefusal(dependencies, { keyId, ownerId, why: refusal.why, details, correlationId });
    throw new RedressError(refusal.code, refusal.sentence);
  }
  await takeCall(dependencies, key);
  await noteUse(dependencies, secret);
  return {
    id: key.id,
    permissions: key.permissions,
    appIds: key.appIds ?? "all",
    owner: await readGrants(dependencies, key.ownerId),
  };
}

async function findSecret(
  { database, secrets }: Pick<Dependencies, "database" | "secrets">,
  text: string,
): Promise<{ key: KeyRow; secret: SecretRow }> {
  const [found] = isKeySecret(text)
    ? await database
        .select({ key: apiKeys, secret: apiKeySecrets })
        .from(apiKeySecrets)
        .innerJoin(apiKeys, eq(apiKeys.id, apiKeySecrets.keyId))
        .where(inArray(apiKeySecrets.hash, [...secrets.fingerprints(text)]))
        .limit(1)
    : [];
  if (found) return found;
  throw new RedressError(
    "key_invalid",
    "This desk does not know the key. Send a whole key of this desk as: Authorization: Bearer redress_agent_….",
  );
}

interface Refusal {
  readonly why: KeyRefusal;
  readonly code: ErrorCode;
  readonly sentence: string;
}

function refusalOf(key: KeyRow, secret: SecretRow, now: Date): Refusal | null {
  if (key.revokedAt !== null) {
    const sentence = "This key was revoked. Ask the person who gave it to you for another.";
    return { why: "revoked", code: "key_revoked", sentence };
  }
  if (key.expiresAt <= now) {
    const sentence = "This key has expired. Ask the person who gave it to you for another.";
    return { why: "expired", code: "key_expired", sentence };
  }
  if (secret.endsAt !== null && secret.endsAt <= now) {
    const sentence = "This key was replaced by a newer one. Use that.";
    return { why: "replaced", code: "key_expired", sentence };
  }
  return null;
}

/** Written once a minute at most: a busy key does not write at each call. */
async function noteUse(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  secret: SecretRow,
): Promise<void> {
  const now = clock.now();
  const before = new Date(now.getTime() - minuteMs);
  if (secret.lastUsedAt !== null && secret.lastUsedAt > before) return;
  await database
    .update(apiKeySecrets)
    .set({ lastUsedAt: now })
    .where(
      and(
        eq(apiKeySecrets.hash, secret.hash),
        or(isNull(apiKeySecrets.lastUsedAt), lte(apiKeySecrets.lastUsedAt, before)),
      ),
    );
}
