"use client";

import { endKey, giveNewSecret, tellProgram } from "../../app/(desk)/settings/keys/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SecretOnce } from "../apps/secret-once.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Input, Select } from "../ui/field.tsx";
import { EndKeyFold } from "./end-key-fold.tsx";

const overlaps = {
  0: "ends at once",
  1: "works an hour more",
  24: "works a day more",
  168: "works a week more",
};

/** A new secret, while the old one works on for as long as the program needs to change over. */
export function NewSecretForm({ keyId }: { keyId: string }) {
  const id = `${keyId}-overlap`;
  return (
    <ActionForm action={giveNewSecret} className="grid gap-3">
      {({ result, values }) => (
        <>
          <input type="hidden" name="keyId" value={keyId} />
          {result && (
            <SecretOnce
              secret={result.secret}
              label="secret of the key"
              hint="Copy it now into the program’s configuration: it is not shown again."
            >
              This is the new secret.
            </SecretOnce>
          )}
          <div className="grid items-end gap-3 sm:grid-cols-[1fr_auto]">
            <Field id={id} label="The old secret">
              <Select id={id} name="overlapHours" defaultValue={values?.overlapHours ?? "24"}>
                {Object.entries(overlaps).map(([hours, label]) => (
                  <option key={hours} value={hours}>
                    {label}
                  </option>
                ))}
              </Select>
            </Field>
            <SubmitButton>New secret</SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

/** Where the key's program is told of decisions, so that it need not poll. */
export function KeyWebhookForm({ keyId, url }: { keyId: string; url: string }) {
  const id = `${keyId}-webhook`;
  return (
    <ActionForm action={tellProgram} className="grid gap-3">
      {({ result, values }) => (
        <>
          <input type="hidden" name="keyId" value={keyId} />
          {result?.secret && (
            <SecretOnce
              secret={result.secret}
              label="signing secret"
              hint="Copy it now into the program’s configuration: it is not shown again."
            >
              Messages to this address are signed with this secret.
            </SecretOnce>
          )}
          <div className="grid items-end gap-3 sm:grid-cols-[1fr_auto]">
            <Field
              id={id}
              label="Tell its program of decisions at"
              hint="A signed message for each change of what it asked for. Empty: it polls."
            >
              <Input
                id={id}
                name="url"
                type="url"
                placeholder="https://"
                defaultValue={values?.url ?? url}
                aria-describedby={`${id}-hint`}
              />
            </Field>
            <SubmitButton>Save address</SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

export function RevokeKeyForm({ keyId, name }: { keyId: string; name: string }) {
  return (
    <EndKeyFold action={endKey} field="keyId" keyId={keyId} name={name}>
      All secrets of {name} end at once and for ever: its program is refused from the next call on. What it
      asked for stays.
    </EndKeyFold>
  );
}
