"use client";

import { Plus } from "lucide-react";
import { endLink, makeLink } from "../../app/(desk)/settings/integrations/portal-actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SecretOnce } from "../apps/secret-once.tsx";
import { FoldedForm } from "../folded-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Input, Select } from "../ui/field.tsx";

const lives = { "1h": "1 hour", "1d": "1 day", "7d": "7 days" };

/** A link for an app's developer. Its address is shown here, once. */
export function MakeLinkForm({ slug, open }: { slug: string; open: boolean }) {
  return (
    <FoldedForm
      action={makeLink}
      open={open}
      summary={
        <>
          <Plus aria-hidden className="size-4" /> Link for its developer
        </>
      }
    >
      {({ result, values }) => (
        <>
          <input type="hidden" name="slug" value={slug} />
          {result && (
            <SecretOnce
              secret={result.url}
              label="link"
              hint="Copy it now and send it to them alone: it is not shown again, and the first who opens it has it."
            >
              {`This is the link for ${result.name}.`}
            </SecretOnce>
          )}
          <div className="grid items-end gap-4 sm:grid-cols-[1fr_10rem_auto]">
            <Field id="link-name" label="For whom">
              <Input id="link-name" name="name" required maxLength={100} defaultValue={values?.name} />
            </Field>
            <Field id="link-life" label="Works for">
              <Select id="link-life" name="expiresIn" defaultValue={values?.expiresIn ?? "1d"}>
                {Object.entries(lives).map(([life, label]) => (
                  <option key={life} value={life}>
                    {label}
                  </option>
                ))}
              </Select>
            </Field>
            <SubmitButton look="primary">Make link</SubmitButton>
          </div>
        </>
      )}
    </FoldedForm>
  );
}

export function EndLinkForm({ slug, linkId, name }: { slug: string; linkId: string; name: string }) {
  return (
    <ActionForm action={endLink}>
      <input type="hidden" name="slug" value={slug} />
      <input type="hidden" name="linkId" value={linkId} />
      <SubmitButton look="danger" size="small" aria-label={`Revoke the link for ${name}`}>
        Revoke
      </SubmitButton>
    </ActionForm>
  );
}
