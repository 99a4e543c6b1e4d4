import { approvalRules as approvalRulesTable, apps, type Transaction } from "@redress/database";
import { asc, eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { parseInput } from "../parse-input.ts";
import { type AppChanges, type AppSettings, appSettingsSchema, settingNames } from "./app-input.ts";
import type { AppView } from "./app-view.ts";
import { replaceApprovalRules } from "./approval-rules.ts";
import { auditedSettings } from "./audited-settings.ts";
import { getApp, readAppRow } from "./get-app.ts";

/**
 * Changes the settings that are given; the rest stay. What an earlier rule let out and is not sent yet is judged by
 * the new one.
 *
 * @throws RedressError `invalid_input`, `app_not_found`
 */
export async function updateApp(
  dependencies: Dependencies,
  input: { actor: Actor; correlationId?: string; slug: string } & AppChanges,
): Promise<AppView> {
  const { actor, correlationId, slug, ...given } = input;
  const changes = parseInput(appSettingsSchema.partial(), given);
  await dependencies.database.transaction(async (transaction) => {
    const app = await readAppRow(transaction, slug, { lock: true });
    const before = { ...pickSettings(app), approvalRules: await readRules(transaction, app.id) };
    const changed = settingNames.filter((name) => differs(before[name], changes[name]));
    if (changed.length === 0) return;
    const now = dependencies.clock.now();
    const { approvalRules, ...columns } = changes;
    await transaction
      .update(apps)
      .set({ ...columns, updatedAt: now })
      .where(eq(apps.id, app.id));
    if (approvalRules) {
      await replaceApprovalRules(transaction, { appId: app.id, rules: approvalRules, at: now, by: actor.id });
    }
    await recordAudit(dependencies, transaction, {
      actor,
      action: "app_updated",
      correlationId: correlationId ?? newId(dependencies.random, "correlation"),
      appId: app.id,
      before: auditedSettings(before, changed),
      after: auditedSettings(changes, changed),
    });
  });
  return getApp(dependencies, { slug });
}

function pickSettings(app: typeof apps.$inferSelect): Omit<AppSettings, "approvalRules"> {
  const { name, contactEmail, websiteUrl, productDescription, notificationUrl, revokeAccessOnPartialRefund } =
    app;
  return { name, contactEmail, websiteUrl, productDescription, notificationUrl, revokeAccessOnPartialRefund };
}

async function readRules(transaction: Transaction, appId: string): Promise<AppSettings["approvalRules"]> {
  return transaction
    .select({ amount: approvalRulesTable.maximumAmount, currency: approvalRulesTable.currency })
    .from(approvalRulesTable)
    .where(eq(approvalRulesTable.appId, appId))
    .orderBy(asc(approvalRulesTable.currency));
}

function differs(before: unknown, given: unknown): boolean {
  return given !== undefined && JSON.stringify(given) !== JSON.stringify(before);
}
