import { apps } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { readAppRow } from "./get-app.ts";
import { newNotificationSecret } from "./notification-secret.ts";

/** Long enough to deploy an app in. */
const overlapMs = 24 * 60 * 60 * 1000;

/**
 * Replaces the secret between Redress and an app. For a day the one before it stays good: messages carry both
 * signatures, and what the app signs with either is believed. One that is still older ends at once.
 *
 * @param input.endPrevious the old secret has leaked: it ends now, and what is sent carries the new signature only
 * @returns the new secret, which is not shown again, and until when the one before is good; null: it is not
 * @throws RedressError `app_not_found`
 */
export async function rotateNotificationSecret(
  dependencies: Dependencies,
  input: { actor: Actor; slug: string; endPrevious?: boolean | undefined; correlationId?: string },
): Promise<{ notificationSecret: string; previousUntil: Date | null }> {
  const { secret, ciphertext } = newNotificationSecret(dependencies);
  const now = dependencies.clock.now();
  const previousUntil = await dependencies.database.transaction(async (transaction) => {
    const app = await readAppRow(transaction, input.slug, { lock: true });
    const previous = input.endPrevious ? null : app.notificationSecretCiphertext;
    const until = previous === null ? null : new Date(now.getTime() + overlapMs);
    await transaction
      .update(apps)
      .set({
        notificationSecretCiphertext: ciphertext,
        previousNotificationSecretCiphertext: previous,
        previousNotificationSecretUntil: until,
        updatedAt: now,
      })
      .where(eq(apps.id, app.id));
    await recordAudit(dependencies, transaction, {
      actor: input.actor,
      action: "app_updated",
      correlationId: input.correlationId ?? newId(dependencies.random, "correlation"),
      appId: app.id,
      details: { rotated: "notification_secret", previousUntil: until?.toISOString() ?? null },
    });
    return until;
  });
  return { notificationSecret: secret, previousUntil };
}
