import { apps } from "@redress/database";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { parseInput } from "../parse-input.ts";
import { simplePolicy } from "../policy/simple-rules.ts";
import { writePolicy } from "../policy/write-policy.ts";
import { type AppChanges, appSettingsSchema, slugSchema } from "./app-input.ts";
import type { AppView } from "./app-view.ts";
import { auditedSettings } from "./audited-settings.ts";
import { getApp } from "./get-app.ts";
import { newNotificationSecret } from "./notification-secret.ts";

const createAppSchema = appSettingsSchema.partial().required({ name: true }).extend({ slug: slugSchema });

/**
 * Adds an app, not connected to Stripe yet. Without `approvalRules` it follows the desk's policy.
 *
 * @returns `notificationSecret` is not shown again; a lost one is rotated
 * @throws RedressError `invalid_input`, `app_slug_taken`
 */
export async function createApp(
  dependencies: Dependencies,
  input: { actor: Actor; correlationId?: string; slug: string; name: string } & AppChanges,
): Promise<{ app: AppView; notificationSecret: string }> {
  const { actor, correlationId = newId(dependencies.random, "correlation"), ...given } = input;
  const { approvalRules, ...settings } = parseInput(createAppSchema, given);
  const id = newId(dependencies.random, "app");
  const now = dependencies.clock.now();
  const { secret, ciphertext } = newNotificationSecret(dependencies);
  await dependencies.database.transaction(async (transaction) => {
    const inserted = await transaction
      .insert(apps)
      .values({
        id,
        slug: settings.slug,
        name: settings.name,
        contactEmail: settings.contactEmail ?? null,
        websiteUrl: settings.websiteUrl ?? null,
        productDescription: settings.productDescription ?? null,
        notificationUrl: settings.notificationUrl ?? null,
        slackChannel: settings.slackChannel ?? null,
        revokeAccessOnPartialRefund: settings.revokeAccessOnPartialRefund ?? false,
        refundApplicationFee: settings.refundApplicationFee ?? false,
        notificationSecretCiphertext: ciphertext,
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing({ target: apps.slug })
      .returning({ id: apps.id });
    if (inserted.length === 0) throw slugTaken(settings.slug);
    await recordAudit(dependencies, transaction, {
      actor,
      action: "app_created",
      correlationId,
      appId: id,
      after: { slug: settings.slug, ...auditedSettings(settings) },
    });
    if (approvalRules === undefined) return;
    const policy = simplePolicy(approvalRules);
    await writePolicy(dependencies, transaction, { appId: id, policy, actor, correlationId });
  });
  return { app: await getApp(dependencies, { slug: settings.slug }), notificationSecret: secret };
}

function slugTaken(slug: string): RedressError {
  return new RedressError("app_slug_taken", "Another app has this slug. Choose a different one.", {
    details: { slug },
  });
}
