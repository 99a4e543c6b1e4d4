"use client";

import { changeMailSender } from "../../app/(desk)/settings/integrations/mail-actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";
import { Field, Input } from "../ui/field.tsx";

/** What all mail of an app to its customers has in common. */
export function SenderForm({ slug, locale, replyTo }: { slug: string; locale: string; replyTo: string }) {
  return (
    <ActionForm action={changeMailSender} className="grid gap-4 p-4">
      {({ result, values: typed }) => (
        <>
          <input type="hidden" name="slug" value={slug} />
          {result && <Banner tone="good">Saved.</Banner>}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              id="mail-reply-to"
              label="Answers go to"
              optional
              hint="Otherwise to the sender of this desk."
            >
              <Input
                id="mail-reply-to"
                name="replyTo"
                type="email"
                placeholder="support@example.com"
                aria-describedby="mail-reply-to-hint"
                defaultValue={typed?.replyTo ?? replyTo}
              />
            </Field>
            <Field id="mail-locale" label="Language of amounts and dates" hint="Such as en, de or pt-BR.">
              <Input
                id="mail-locale"
                name="locale"
                required
                maxLength={35}
                aria-describedby="mail-locale-hint"
                defaultValue={typed?.locale ?? locale}
              />
            </Field>
          </div>
          <div className="flex justify-end">
            <SubmitButton look="primary">Save</SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}
