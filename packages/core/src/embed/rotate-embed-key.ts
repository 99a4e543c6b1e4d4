import { embedKeys } from "@redress/database";
import { eq } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newEmbedSecret } from "./create-embed-key.ts";
import { type EmbedKeyView, getEmbedKey, lockEmbedKey } from "./embed-key-view.ts";

/** Long enough to give the helpdesk the new one in. */
const overlapMs = 24 * 60 * 60 * 1000;

interface Change {
  readonly keyId: string;
  readonly operatorId: string;
  readonly correlationId: string;
}

/**
 * Gives a helpdesk's key a new secret. For a day the one before it is believed as well.
 *
 * @param input.endPrevious the old secret has leaked: it ends now
 * @returns `secret` is not shown again
 * @throws RedressError `embed_key_not_found`, `embed_key_revoked`
 */
export async function rotateEmbedKey(
  dependencies: Dependencies,
  input: Change & { endPrevious: boolean },
): Promise<{ key: EmbedKeyView; secret: string }> {
  const { keyId, operatorId, endPrevious, correlationId } = input;
  const { secret, ciphertext } = newEmbedSecret(dependencies);
  const until = endPrevious ? null : new Date(dependencies.clock.now().getTime() + overlapMs);
  await dependencies.database.transaction(async (transaction) => {
    const key = await lockEmbedKey(transaction, keyId);
    if (key.revokedAt !== null) {
      throw new RedressError("embed_key_revoked", "This key was revoked. Make a new one.");
    }
    await transaction
      .update(embedKeys)
      .set({
        secretCiphertext: ciphertext,
        previousSecretCiphertext: endPrevious ? null : key.secretCiphertext,
        previousSecretUntil: until,
      })
      .where(eq(embedKeys.id, keyId));
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "embed_key_rotated",
      correlationId,
      details: { keyId, previousUntil: until?.toISOString() ?? null },
    });
  });
  return { key: await getEmbedKey(dependencies, { keyId }), secret };
}

/**
 * Ends a helpdesk's key at once, with all its secrets, for ever. Revoking twice is no error.
 *
 * @throws RedressError `embed_key_not_found`
 */
export async function revokeEmbedKey(dependencies: Dependencies, input: Change): Promise<EmbedKeyView> {
  const { keyId, operatorId, correlationId } = input;
  await dependencies.database.transaction(async (transaction) => {
    const key = await lockEmbedKey(transaction, keyId);
    if (key.revokedAt !== null) return;
    await transaction
      .update(embedKeys)
      .set({ revokedAt: dependencies.clock.now(), revokedBy: operatorId })
      .where(eq(embedKeys.id, keyId));
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "embed_key_revoked",
      correlationId,
      details: { keyId },
    });
  });
  return getEmbedKey(dependencies, { keyId });
}
