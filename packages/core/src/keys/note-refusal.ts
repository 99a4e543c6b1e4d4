import { apiKeyRefusals, type KeyRefusal } from "@redress/database";
import { lte } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";

/** A program that keeps trying is written down once in this time, for each reason. */
const quietMs = 60 * 60 * 1000;

/** Writes into the audit log that a known key was used and refused. */
export async function noteRefusal(
  dependencies: Pick<Dependencies, "database" | "clock">,
  refusal: {
    keyId: string;
    ownerId: string;
    why: KeyRefusal;
    details?: Record<string, unknown>;
    correlationId: string;
  },
): Promise<void> {
  const { keyId, ownerId, why, details, correlationId } = refusal;
  const notedAt = dependencies.clock.now();
  await dependencies.database.transaction(async (transaction) => {
    const [noted] = await transaction
      .insert(apiKeyRefusals)
      .values({ keyId, why, notedAt })
      .onConflictDoUpdate({
        target: [apiKeyRefusals.keyId, apiKeyRefusals.why],
        set: { notedAt },
        setWhere: lte(apiKeyRefusals.notedAt, new Date(notedAt.getTime() - quietMs)),
      })
      .returning({ keyId: apiKeyRefusals.keyId });
    if (!noted) return;
    await recordAudit(dependencies, transaction, {
      actor: { kind: "agent", id: keyId, ownerId },
      action: "api_key_refused",
      correlationId,
      details: { why, ...details },
    });
  });
}
