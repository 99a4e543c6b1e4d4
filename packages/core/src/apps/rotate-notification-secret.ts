import { apps } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { readAppRow } from "./get-app.ts";
import { newNotificationSecret } from "./notification-secret.ts";

/**
 * Replaces the secret between Redress and an app, at once: what is sent from now on carries the new one.
 *
 * @returns the new secret, which is not shown again
 * @throws RedressError `app_not_found`
 */
export async function rotateNotificationSecret(
  dependencies: Dependencies,
  input: { actor: Actor; slug: string; correlationId?: string },
): Promise<{ notificationSecret: string }> {
  const { secret, ciphertext } = newNotificationSecret(dependencies);
  await dependencies.database.transaction(async (transaction) => {
    const app = await readAppRow(transaction, input.slug, { lock: true });
    await transaction
      .update(apps)
      .set({ notificationSecretCiphertext: ciphertext, updatedAt: dependencies.clock.now() })
      .where(eq(apps.id, app.id));
    await recordAudit(dependencies, transaction, {
      actor: input.actor,
      action: "app_updated",
      correlationId: input.correlationId ?? newId(dependencies.random, "correlation"),
      appId: app.id,
      details: { rotated: "notification_secret" },
    });
  });
  return { notificationSecret: secret };
}
