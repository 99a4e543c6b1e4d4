import { apiKeySecrets, apiKeys, type Transaction } from "@redress/database";
import { and, eq, isNull } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { addSecret } from "./create-key.ts";
import { longestOverlapMs, usualOverlapMs } from "./key-input.ts";
import { shownPart } from "./key-secret.ts";
import { getKey, type KeyView, keyNotFound } from "./key-view.ts";

/**
 * Gives a key a new secret. The old one works on until `oldWorksUntil`, so that a program can be changed over
 * without a gap. The key stays the same one: its request ids still stand for what they stood for.
 *
 * Only its owner does this: whoever sees the secret answers for what is done with it.
 *
 * @param input.oldWorksUntil a day from now unless told, at most 30 days; the past ends the old one at once
 * @returns `secret` is not shown again
 * @throws RedressError `key_not_found`, `permission_denied`, `key_ended`, `invalid_input`
 */
export async function rotateKey(
  dependencies: Dependencies,
  input: { keyId: string; operatorId: string; oldWorksUntil?: Date | undefined; correlationId: string },
): Promise<{ key: KeyView; secret: string }> {
  const { keyId, operatorId, correlationId } = input;
  const now = dependencies.clock.now();
  const endsAt = endOfOld(input.oldWorksUntil, now);
  const secret = await dependencies.database.transaction(async (transaction) => {
    const key = await lockKey(transaction, keyId);
    if (key.ownerId !== operatorId) {
      throw new RedressError(
        "permission_denied",
        "Only the person who answers for this key may see a new secret of it. Make a key of your own, and revoke this one.",
      );
    }
    if (key.revokedAt !== null || key.expiresAt <= now) {
      throw new RedressError("key_ended", "This key has expired or was revoked. Make a new one.");
    }
    await transaction
      .update(apiKeySecrets)
      .set({ endsAt })
      .where(and(eq(apiKeySecrets.keyId, keyId), isNull(apiKeySecrets.endsAt)));
    const made = await addSecret(dependencies, transaction, keyId);
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "api_key_rotated",
      correlationId,
      details: { keyId, prefix: shownPart(made), oldWorksUntil: endsAt.toISOString() },
    });
    return made;
  });
  return { key: await getKey(dependencies, { keyId }), secret };
}

/**
 * The key's row, locked.
 *
 * @throws RedressError `key_not_found`
 */
export async function lockKey(transaction: Transaction, keyId: string): Promise<typeof apiKeys.$inferSelect> {
  const [key] = await transaction.select().from(apiKeys).where(eq(apiKeys.id, keyId)).for("update");
  if (!key) throw keyNotFound(keyId);
  return key;
}

function endOfOld(wished: Date | undefined, now: Date): Date {
  const endsAt = wished ?? new Date(now.getTime() + usualOverlapMs);
  if (endsAt < now) return now;
  if (endsAt.getTime() - now.getTime() <= longestOverlapMs) return endsAt;
  throw new RedressError(
    "invalid_input",
    "Correct this and send it again. oldWorksUntil: must be at most 30 days away.",
    { details: { fields: [{ field: "oldWorksUntil", message: "must be within 30 days from now" }] } },
  );
}
