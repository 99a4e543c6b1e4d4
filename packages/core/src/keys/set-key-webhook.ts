import { apiKeys } from "@redress/database";
import { eq } from "drizzle-orm";
import { newNotificationSecret } from "../apps/notification-secret.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { getKey, type KeyView } from "./key-view.ts";
import { lockKey } from "./rotate-key.ts";

/**
 * Sets where a key's program is told what became of the refunds it asked for, or ends that. Only its owner does this,
 * as with a new secret.
 *
 * @param input.url https, or http where the operator allowed it; null ends it
 * @returns `webhookSecret` (Standard Webhooks, `whsec_…`): a new one each time, not shown again; null with no address
 * @throws RedressError `key_not_found`, `permission_denied`, `key_ended`
 */
export async function setKeyWebhook(
  dependencies: Dependencies,
  input: { keyId: string; operatorId: string; url: string | null; correlationId: string },
): Promise<{ key: KeyView; webhookSecret: string | null }> {
  const { keyId, operatorId, url, correlationId } = input;
  const made = url === null ? null : newNotificationSecret(dependencies);
  await dependencies.database.transaction(async (transaction) => {
    const key = await lockKey(transaction, keyId);
    if (key.ownerId !== operatorId) {
      throw new RedressError(
        "permission_denied",
        "Only the person who answers for this key may say where its program is told. Make a key of your own.",
      );
    }
    if (key.revokedAt !== null || key.expiresAt <= dependencies.clock.now()) {
      throw new RedressError("key_ended", "This key has expired or was revoked. Make a new one.");
    }
    await transaction
      .update(apiKeys)
      .set({
        webhookUrl: url,
        webhookSecretCiphertext: made?.ciphertext ?? null,
        webhookLastOutcome: null,
        webhookLastAt: null,
      })
      .where(eq(apiKeys.id, keyId));
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "api_key_webhook_set",
      correlationId,
      before: { webhookUrl: key.webhookUrl },
      after: { webhookUrl: url },
      details: { keyId },
    });
  });
  return { key: await getKey(dependencies, { keyId }), webhookSecret: made?.secret ?? null };
}
