import { createHash } from "node:crypto";
import { apps, type CustomerMailKind, customerMailSettings, type Transaction } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { readAppRow } from "../apps/get-app.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { parseInput } from "../parse-input.ts";
import {
  type CustomerMailChanges,
  type CustomerMailView,
  customerMailChanges,
  customerMailKinds,
  readCustomerMail,
} from "./customer-mail-settings.ts";

import { defaultTemplates } from "./default-templates.ts";

type SettingsRow = typeof customerMailSettings.$inferSelect;
type KindChanges = NonNullable<CustomerMailChanges[CustomerMailKind]>;
type Facts = Record<string, unknown>;

/**
 * Changes of what an app's customers are written to. It counts for what happens to refunds from now on.
 *
 * @throws RedressError `app_not_found`; `invalid_input`, which names an unknown placeholder and the known ones
 */
export async function changeCustomerMail(
  dependencies: Pick<Dependencies, "database" | "clock" | "origin" | "mail">,
  input: { slug: string; actor: Actor; correlationId: string; changes: unknown },
): Promise<CustomerMailView> {
  const changes = parseInput(customerMailChanges, input.changes);
  const { actor, correlationId, slug } = input;
  return dependencies.database.transaction(async (transaction) => {
    // Locked, so that two changes at once are audited one after the other.
    const app = await readAppRow(transaction, slug, { lock: true });
    const [before, after]: [Facts, Facts] = [{}, {}];
    await changeSender(dependencies, transaction, { app, changes, before, after });
    for (const kind of customerMailKinds) {
      const given = changes[kind];
      if (given === undefined) continue;
      const changed = await changeKind(dependencies, transaction, { appId: app.id, kind, given });
      if (changed === null) continue;
      before[kind] = audited(changed.before);
      after[kind] = audited(changed.after);
    }
    if (Object.keys(after).length > 0) {
      const action = "customer_mail_changed";
      await recordAudit(dependencies, transaction, {
        actor,
        action,
        correlationId,
        appId: app.id,
        before,
        after,
      });
    }
    return readCustomerMail(transaction, await readAppRow(transaction, slug), dependencies.mail);
  });
}

/** Of the address the log says only that there is one. */
async function changeSender(
  { clock }: Pick<Dependencies, "clock">,
  transaction: Transaction,
  step: { app: typeof apps.$inferSelect; changes: CustomerMailChanges; before: Facts; after: Facts },
): Promise<void> {
  const { app, changes, before, after } = step;
  const { locale = app.customerMailLocale, replyTo = app.customerMailReplyTo } = changes;
  if (locale !== app.customerMailLocale) {
    before.locale = app.customerMailLocale;
    after.locale = locale;
  }
  if (replyTo !== app.customerMailReplyTo) {
    before.replyTo = app.customerMailReplyTo === null ? null : "set";
    after.replyTo = replyTo === null ? null : "set";
  }
  if (Object.keys(after).length === 0) return;
  await transaction
    .update(apps)
    .set({ customerMailLocale: locale, customerMailReplyTo: replyTo, updatedAt: clock.now() })
    .where(eq(apps.id, app.id));
}

async function changeKind(
  { clock }: Pick<Dependencies, "clock">,
  transaction: Transaction,
  { appId, kind, given }: { appId: string; kind: CustomerMailKind; given: KindChanges },
): Promise<{ before: SettingsRow; after: SettingsRow } | null> {
  const [row] = await transaction
    .select()
    .from(customerMailSettings)
    .where(and(eq(customerMailSettings.appId, appId), eq(customerMailSettings.kind, kind)));
  const updatedAt = clock.now();
  const own = defaultTemplates[kind];
  const before: SettingsRow = row ?? { appId, kind, wanted: false, subject: null, body: null, updatedAt };
  const after: SettingsRow = {
    ...before,
    wanted: given.wanted ?? before.wanted,
    subject: given.subject === undefined ? before.subject : ownWords(given.subject, own.subject),
    body: given.body === undefined ? before.body : ownWords(given.body, own.body),
    updatedAt,
  };
  if (JSON.stringify(audited(before)) === JSON.stringify(audited(after))) return null;
  const { wanted, subject, body } = after;
  await transaction
    .insert(customerMailSettings)
    .values(after)
    .onConflictDoUpdate({
      target: [customerMailSettings.appId, customerMailSettings.kind],
      set: { wanted, subject, body, updatedAt },
    });
  return { before, after };
}

/** A form sends the desk's words back: they stay the desk's, and change with it. */
const ownWords = (given: string | null, desk: string) => (given === desk ? null : given);

/** The words themselves may name people, so the log has what tells one version from another. */
function audited({ wanted, subject, body }: SettingsRow): Facts {
  return { wanted, subject: versionOf(subject), body: versionOf(body) };
}

const versionOf = (text: string | null) =>
  text === null ? "default" : createHash("sha256").update(text).digest("hex");
