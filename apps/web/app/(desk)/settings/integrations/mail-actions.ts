"use server";

import { changeCustomerMail } from "@redress/core/customer-mail/change-customer-mail";
import { previewCustomerMail } from "@redress/core/customer-mail/preview-customer-mail";
import { customerMailKinds } from "@redress/database";
import { z } from "zod";
import type { MailOutcome } from "../../../../components/customer-mail/mail-outcome.ts";
import { action } from "../../../../src/access/action.ts";

const slug = z.string().max(100);
/** A field left empty: the desk's own words, or none. */
const orNull = z.string().transform((text) => (text.trim() === "" ? null : text));

/** The mail of one kind: shown as a customer would read it, or kept. */
export const changeMail = action(
  {
    permission: "apps.manage",
    owner: { app: (input) => input.slug },
    input: z.object({
      slug,
      kind: z.enum(customerMailKinds),
      step: z.enum(["preview", "save"]),
      wanted: z.literal("on").optional(),
      subject: orNull,
      body: orNull,
    }),
  },
  async ({ dependencies, operator, input, correlationId }): Promise<MailOutcome> => {
    const { kind, subject, body } = input;
    const wanted = input.wanted === "on";
    const preview = await previewCustomerMail(dependencies, {
      slug: input.slug,
      draft: { kind, subject, body },
    });
    const shown = { preview, draft: { wanted, subject: subject ?? "", body: body ?? "" } };
    if (input.step === "preview") return { step: "previewed", ...shown };
    await changeCustomerMail(dependencies, {
      slug: input.slug,
      changes: { [kind]: { wanted, subject, body } },
      actor: { kind: "operator", id: operator.id },
      correlationId,
    });
    return { step: "saved", ...shown };
  },
);

/** How amounts are written in all of an app's mail, and where answers go. */
export const changeMailSender = action(
  {
    permission: "apps.manage",
    owner: { app: (input) => input.slug },
    input: z.object({ slug, locale: z.string(), replyTo: orNull }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const { locale, replyTo } = input;
    await changeCustomerMail(dependencies, {
      slug: input.slug,
      changes: { locale, replyTo },
      actor: { kind: "operator", id: operator.id },
      correlationId,
    });
    return { saved: true };
  },
);
