import { apiKeys } from "@redress/database";
import { eq } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { getKey, type KeyView } from "./key-view.ts";
import { lockKey } from "./rotate-key.ts";

/**
 * Ends a key at once, with all its secrets, for ever. Revoking twice is no error. Whether the operator may is
 * judged by the caller.
 *
 * @throws RedressError `key_not_found`
 */
export async function revokeKey(
  dependencies: Dependencies,
  input: { keyId: string; operatorId: string; correlationId: string },
): Promise<KeyView> {
  const { keyId, operatorId, correlationId } = input;
  await dependencies.database.transaction(async (transaction) => {
    const key = await lockKey(transaction, keyId);
    if (key.revokedAt !== null) return;
    await transaction
      .update(apiKeys)
      .set({ revokedAt: dependencies.clock.now(), revokedBy: operatorId })
      .where(eq(apiKeys.id, keyId));
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "api_key_revoked",
      correlationId,
      details: { keyId, ownerId: key.ownerId },
    });
  });
  return getKey(dependencies, { keyId });
}
