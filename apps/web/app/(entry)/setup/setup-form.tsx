"use client";

import { ActionForm } from "../../../components/action-form.tsx";
import { EmailField, NewPassword } from "../../../components/entry/entry-forms.tsx";
import { SubmitButton } from "../../../components/submit-button.tsx";
import { Field, Input } from "../../../components/ui/field.tsx";
import { setUp } from "../actions.ts";

export function SetupForm({ minimumPasswordLength }: { minimumPasswordLength: number }) {
  return (
    <ActionForm action={setUp} className="flex flex-col gap-4">
      {({ values }) => (
        <>
          <Field id="name" label="Your name">
            <Input id="name" name="name" autoComplete="name" required defaultValue={values?.name} />
          </Field>
          <EmailField typed={values?.email} />
          <NewPassword label="Password" minimum={minimumPasswordLength} />
          <SubmitButton look="primary" size="wide">
            Create the administrator
          </SubmitButton>
        </>
      )}
    </ActionForm>
  );
}
