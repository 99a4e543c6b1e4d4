"use client";

import { Plus } from "lucide-react";
import { endEmbedKey, giveEmbedSecret, makeEmbedKey } from "../../app/(desk)/settings/helpdesk/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SecretOnce } from "../apps/secret-once.tsx";
import { FoldedForm } from "../folded-form.tsx";
import { EndKeyFold } from "../keys/end-key-fold.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Input, Textarea } from "../ui/field.tsx";

const hint = "Copy it now into the helpdesk’s server: it is not shown again.";

/** A key for a helpdesk. Its secret is shown here, once. */
export function MakeEmbedKeyForm({ open }: { open: boolean }) {
  return (
    <FoldedForm
      action={makeEmbedKey}
      open={open}
      summary={
        <>
          <Plus aria-hidden className="size-4" /> Make a key for a helpdesk
        </>
      }
    >
      {({ result, values }) => (
        <>
          {result && (
            <SecretOnce secret={result.secret} label="secret" hint={hint}>
              {`This is the secret of ${result.name}. Its key id is ${result.keyId}.`}
            </SecretOnce>
          )}
          <div className="grid items-start gap-4 sm:grid-cols-2">
            <Field id="embed-name" label="For which helpdesk">
              <Input id="embed-name" name="name" required maxLength={100} defaultValue={values?.name} />
            </Field>
            <Field
              id="embed-apps"
              label="Only these apps"
              optional
              hint="Slugs, separated by spaces. Empty: every app that who looks may see."
            >
              <Input
                id="embed-apps"
                name="apps"
                defaultValue={values?.apps}
                aria-describedby="embed-apps-hint"
              />
            </Field>
          </div>
          <Field
            id="embed-origins"
            label="Sites that may frame it"
            hint="One a line, such as https://acme.zendesk.com. No other site can show the panel."
          >
            <Textarea
              id="embed-origins"
              name="origins"
              required
              placeholder="https://"
              defaultValue={values?.origins}
              aria-describedby="embed-origins-hint"
            />
          </Field>
          <div className="flex justify-end">
            <SubmitButton look="primary">Make key</SubmitButton>
          </div>
        </>
      )}
    </FoldedForm>
  );
}

export function EmbedSecretForm({ embedKeyId }: { embedKeyId: string }) {
  return (
    <ActionForm action={giveEmbedSecret} className="grid gap-3">
      {({ result }) => (
        <>
          <input type="hidden" name="embedKeyId" value={embedKeyId} />
          {result && (
            <SecretOnce secret={result.secret} label="secret" hint={hint}>
              This is the new secret.
            </SecretOnce>
          )}
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="text-sm text-ink-soft">The old secret is believed for 24 hours more.</p>
            <label className="flex items-center gap-2 text-sm">
              <input type="checkbox" name="endPrevious" value="yes" />
              It has leaked: end the old one now
            </label>
            <SubmitButton size="small">New secret</SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

export function EndEmbedKeyForm({ embedKeyId, name }: { embedKeyId: string; name: string }) {
  return (
    <EndKeyFold action={endEmbedKey} field="embedKeyId" keyId={embedKeyId} name={name}>
      The panel in {name} shows nothing from the next look on. What was asked for stays.
    </EndKeyFold>
  );
}
