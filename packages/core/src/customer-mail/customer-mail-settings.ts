import {
  type apps,
  type CustomerMailKind,
  customerMailKinds,
  customerMailSettings,
  type Queryable,
} from "@redress/database";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { readAppRow } from "../apps/get-app.ts";
import type { Dependencies, Mail } from "../dependencies.ts";
import { defaultTemplates } from "./default-templates.ts";
import { bodySchema, placeholders, subjectSchema } from "./template.ts";

/** What is sent of one kind. */
export interface CustomerMailText {
  readonly wanted: boolean;
  readonly subject: string;
  readonly body: string;
  /** Whether the words are the desk's own. */
  readonly isDefault: { readonly subject: boolean; readonly body: boolean };
}

export interface CustomerMailView {
  /** How mail leaves this desk; `none`: nothing is sent, whatever is wanted. */
  readonly delivery: Mail["way"];
  readonly locale: string;
  readonly replyTo: string | null;
  readonly placeholders: readonly string[];
  readonly started: CustomerMailText;
  readonly succeeded: CustomerMailText;
  readonly failed: CustomerMailText;
}

const kindChanges = z
  .strictObject({
    wanted: z.boolean(),
    subject: subjectSchema.nullable(),
    body: bodySchema.nullable(),
  })
  .partial();

const isLocale = (text: string): boolean => {
  try {
    return Intl.NumberFormat.supportedLocalesOf(text).length === 1;
  } catch {
    return false;
  }
};

/** What can be changed; what is left out stays. A subject or body of null: the desk's own words. */
export const customerMailChanges = z
  .strictObject({
    locale: z.string().max(35).refine(isLocale, "must be a language such as en, de or pt-BR"),
    replyTo: z.email().max(320).nullable(),
    started: kindChanges,
    succeeded: kindChanges,
    failed: kindChanges,
  })
  .partial();
export type CustomerMailChanges = z.output<typeof customerMailChanges>;

/**
 * Of what an app's customers are written to, and in which words.
 *
 * @throws RedressError `app_not_found`
 */
export async function getCustomerMail(
  { database, mail }: Pick<Dependencies, "database" | "mail">,
  { slug }: { slug: string },
): Promise<CustomerMailView> {
  const app = await readAppRow(database, slug);
  return readCustomerMail(database, app, mail);
}

/** The same of an app's row, e.g. of one that is locked. */
export async function readCustomerMail(
  queryable: Queryable,
  app: Pick<typeof apps.$inferSelect, "id" | "customerMailLocale" | "customerMailReplyTo">,
  mail: Mail,
): Promise<CustomerMailView> {
  const rows = await queryable
    .select()
    .from(customerMailSettings)
    .where(eq(customerMailSettings.appId, app.id));
  const of = (kind: CustomerMailKind) =>
    textOf(
      kind,
      rows.find((row) => row.kind === kind),
    );
  return {
    delivery: mail.way,
    locale: app.customerMailLocale,
    replyTo: app.customerMailReplyTo,
    placeholders,
    started: of("started"),
    succeeded: of("succeeded"),
    failed: of("failed"),
  };
}

export { customerMailKinds };

function textOf(
  kind: CustomerMailKind,
  row: typeof customerMailSettings.$inferSelect | undefined,
): CustomerMailText {
  const { subject, body } = defaultTemplates[kind];
  return {
    wanted: row?.wanted ?? false,
    subject: row?.subject ?? subject,
    body: row?.body ?? body,
    isDefault: { subject: (row?.subject ?? null) === null, body: (row?.body ?? null) === null },
  };
}
