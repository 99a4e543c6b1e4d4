"use client";

import { ActionForm } from "../../../components/action-form.tsx";
import { EmailField } from "../../../components/entry/entry-forms.tsx";
import { SubmitButton } from "../../../components/submit-button.tsx";
import { Field, Input } from "../../../components/ui/field.tsx";
import { enter } from "../actions.ts";

export function SignInForm({ next }: { next: string }) {
  return (
    <ActionForm action={enter} className="flex flex-col gap-4">
      {({ values }) => (
        <>
          <input type="hidden" name="next" value={next} />
          <EmailField typed={values?.email} />
          <Field id="password" label="Password">
            <Input id="password" name="password" type="password" autoComplete="current-password" required />
          </Field>
          <SubmitButton look="primary" size="wide">
            Sign in
          </SubmitButton>
        </>
      )}
    </ActionForm>
  );
}
