"use client";

import { addApp } from "../../app/(desk)/settings/integrations/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { SecretOnce } from "./secret-once.tsx";
import { noSettings, SettingsFields } from "./settings-fields.tsx";

export function AddAppForm() {
  return (
    <ActionForm action={addApp} className="grid gap-4 p-4">
      {({ result, values }) => (
        <>
          {result && (
            <SecretOnce secret={result.notificationSecret}>
              {`${result.name} was added. This is its notification secret.`}
            </SecretOnce>
          )}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field id="add-slug" label="Slug" hint="Its name in addresses and notifications; it stays.">
              <Input
                id="add-slug"
                name="slug"
                required
                maxLength={63}
                pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
                placeholder="total-typescript"
                aria-describedby="add-slug-hint"
                defaultValue={values?.slug}
              />
            </Field>
            <SettingsFields prefix="add" values={noSettings} typed={values} />
          </div>
          <div className="flex justify-end">
            <SubmitButton look="primary">Add app</SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}
