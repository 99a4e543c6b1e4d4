import { retiredFingerprintKeys } from "@redress/database";
import type { Dependencies, FingerprintKey, SecretBox } from "../dependencies.ts";
import { withFingerprintKeys } from "../secret-box.ts";

/**
 * Stores what finds the fingerprints of older secrets, sealed with the present one: agents' keys, links and codes that
 * were made with them work on when the older secrets are gone.
 */
export async function keepFingerprintKeys({
  database,
  clock,
  secrets,
}: Pick<Dependencies, "database" | "clock" | "secrets">): Promise<void> {
  for (const { id, key } of secrets.olderFingerprintKeys) {
    await database
      .insert(retiredFingerprintKeys)
      .values({ id, sealedKey: secrets.seal(key), keptAt: clock.now() })
      .onConflictDoNothing();
  }
}

/** The box that finds what was made with any secret before, as far as `keepFingerprintKeys` was told of it. */
export async function recallFingerprintKeys({
  database,
  logger,
  secrets,
}: Pick<Dependencies, "database" | "logger" | "secrets">): Promise<SecretBox> {
  const kept: FingerprintKey[] = [];
  for (const { id, sealedKey } of await database.select().from(retiredFingerprintKeys)) {
    try {
      kept.push({ id, key: secrets.open(sealedKey) });
    } catch (error) {
      logger.error(
        { err: error, id },
        "What finds agents' keys of an older REDRESS_SECRET cannot be opened.",
      );
    }
  }
  return withFingerprintKeys(secrets, kept);
}
