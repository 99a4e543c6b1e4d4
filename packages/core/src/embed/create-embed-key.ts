import { embedKeys } from "@redress/database";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { appIdsOf } from "../keys/create-key.ts";
import type { NewEmbedKey } from "./embed-key-input.ts";
import { type EmbedKeyView, getEmbedKey } from "./embed-key-view.ts";

/**
 * Makes what a helpdesk signs with. Whoever has the secret asks in any operator's name, so it is the desk's, and made by its
 * administrators; whether the operator may is judged by the caller.
 *
 * @returns `secret` is not shown again; a lost one is rotated
 * @throws RedressError `app_not_found`
 */
export async function createEmbedKey(
  dependencies: Dependencies,
  input: NewEmbedKey & { operatorId: string; correlationId: string },
): Promise<{ key: EmbedKeyView; secret: string }> {
  const { name, origins, operatorId, correlationId } = input;
  const { database, clock, random } = dependencies;
  const appIds = input.apps === undefined ? null : await appIdsOf(database, input.apps);
  const keyId = newId(random, "embedKey");
  const { secret, ciphertext } = newEmbedSecret(dependencies);
  const now = clock.now();
  await database.transaction(async (transaction) => {
    await transaction.insert(embedKeys).values({
      id: keyId,
      name,
      secretCiphertext: ciphertext,
      origins,
      appIds,
      rateFreeAt: now,
      createdBy: operatorId,
      createdAt: now,
    });
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "embed_key_created",
      correlationId,
      after: { origins, appIds: appIds ?? "all" },
      details: { keyId },
    });
  });
  return { key: await getEmbedKey(dependencies, { keyId }), secret };
}

/** 256 bits of chance, under a name that tells whoever finds it what it is. */
export function newEmbedSecret({ random, secrets }: Pick<Dependencies, "random" | "secrets">): {
  secret: string;
  ciphertext: string;
} {
  const secret = `redress_embed_${Buffer.from(random.bytes(32)).toString("base64url")}`;
  return { secret, ciphertext: secrets.seal(secret) };
}
