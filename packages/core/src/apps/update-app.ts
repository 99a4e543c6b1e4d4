import { apps, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { parseInput } from "../parse-input.ts";
import { policyInForce } from "../policy/policy-in-force.ts";
import { simplePolicy, simpleRules } from "../policy/simple-rules.ts";
import { writePolicy } from "../policy/write-policy.ts";
import { type AppChanges, type AppSettings, appSettingsSchema, settingNames } from "./app-input.ts";
import type { AppView } from "./app-view.ts";
import { auditedSettings } from "./audited-settings.ts";
import { getApp, readAppRow } from "./get-app.ts";

type Columns = Omit<AppSettings, "approvalRules">;

/** The settings that are columns of the app; its approval rules are a policy. */
const columnNames = settingNames.filter((name): name is keyof Columns => name !== "approvalRules");

/**
 * Changes the settings that are given; the rest stay. Approval rules become a new version of the app's policy: what
 * an earlier one let out and is not sent yet is judged by it.
 *
 * @throws RedressError `invalid_input`, `app_not_found`; `policy_not_simple` when the policy in force says more
 *   than approval rules can
 */
export async function updateApp(
  dependencies: Dependencies,
  input: { actor: Actor; correlationId?: string; slug: string } & AppChanges,
): Promise<AppView> {
  const { actor, correlationId = newId(dependencies.random, "correlation"), slug, ...given } = input;
  const { approvalRules, ...changes } = parseInput(appSettingsSchema.partial(), given);
  await dependencies.database.transaction(async (transaction) => {
    const app = await readAppRow(transaction, slug, { lock: true });
    const step = { actor, correlationId, appId: app.id };
    await updateColumns(dependencies, transaction, { ...step, before: pickSettings(app), changes });
    if (approvalRules) await updateRules(dependencies, transaction, { ...step, approvalRules });
  });
  return getApp(dependencies, { slug });
}

interface Step {
  readonly actor: Actor;
  readonly correlationId: string;
  readonly appId: string;
}

async function updateColumns(
  dependencies: Dependencies,
  transaction: Transaction,
  { before, changes, appId, ...by }: Step & { before: Columns; changes: Omit<AppChanges, "approvalRules"> },
): Promise<void> {
  const changed = columnNames.filter((name) => differs(before[name], changes[name]));
  if (changed.length === 0) return;
  await transaction
    .update(apps)
    .set({ ...changes, updatedAt: dependencies.clock.now() })
    .where(eq(apps.id, appId));
  await recordAudit(dependencies, transaction, {
    ...by,
    action: "app_updated",
    appId,
    before: auditedSettings(before, changed),
    after: auditedSettings(changes, changed),
  });
}

async function updateRules(
  dependencies: Dependencies,
  transaction: Transaction,
  { approvalRules, ...step }: Step & Pick<AppSettings, "approvalRules">,
): Promise<void> {
  const { policy } = await policyInForce(transaction, step.appId);
  const before = simpleRules(policy);
  if (before === null) {
    throw new RedressError(
      "policy_not_simple",
      "The policy of this app says more than approval rules can, so they would take away from it. Change the policy itself, or leave approvalRules out.",
    );
  }
  if (!differs(before, approvalRules)) return;
  await writePolicy(dependencies, transaction, { ...step, policy: simplePolicy(approvalRules) });
}

function pickSettings(app: typeof apps.$inferSelect): Columns {
  const { name, contactEmail, websiteUrl, productDescription } = app;
  const { notificationUrl, revokeAccessOnPartialRefund, refundApplicationFee, slackChannel } = app;
  return {
    name,
    contactEmail,
    websiteUrl,
    productDescription,
    notificationUrl,
    revokeAccessOnPartialRefund,
    refundApplicationFee,
    slackChannel,
  };
}

function differs(before: unknown, given: unknown): boolean {
  return given !== undefined && JSON.stringify(given) !== JSON.stringify(before);
}
