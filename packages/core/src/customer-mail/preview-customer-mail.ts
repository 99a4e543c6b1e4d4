import { customerMailKinds } from "@redress/database";
import { z } from "zod";
import { readAppRow } from "../apps/get-app.ts";
import type { Dependencies } from "../dependencies.ts";
import { parseInput } from "../parse-input.ts";
import { readCustomerMail } from "./customer-mail-settings.ts";
import { defaultTemplates } from "./default-templates.ts";
import { valuesOf } from "./mail-facts.ts";
import { bodySchema, renderTemplate, subjectSchema, type Template } from "./template.ts";

/** A draft; what is left out is as it is now, null is in the desk's own words. */
export const previewInput = z.strictObject({
  kind: z.enum(customerMailKinds),
  subject: subjectSchema.nullish(),
  body: bodySchema.nullish(),
});

/**
 * What a customer would read, with made-up facts; nothing is sent or kept.
 *
 * @throws RedressError `app_not_found`, `invalid_input`
 */
export async function previewCustomerMail(
  { database, clock, mail }: Pick<Dependencies, "database" | "clock" | "mail">,
  { slug, draft }: { slug: string; draft: unknown },
): Promise<Template> {
  const { kind, subject, body } = parseInput(previewInput, draft);
  const app = await readAppRow(database, slug);
  const kept = (await readCustomerMail(database, app, mail))[kind];
  const own = defaultTemplates[kind];
  return renderTemplate(
    {
      subject: subject === undefined ? kept.subject : (subject ?? own.subject),
      body: body === undefined ? kept.body : (body ?? own.body),
    },
    valuesOf({ app, purchase: samplePurchase, refund: sampleRefund, at: clock.now() }),
  );
}

const samplePurchase = {
  customerName: "Ada Lovelace",
  productName: "Course in analysis",
  description: null,
  orderNumber: "1001",
};
const sampleRefund = { id: "rfd_00000000000000000000", amount: 4_900, currency: "eur" };
