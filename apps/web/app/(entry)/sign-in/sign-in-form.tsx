"use client";

import { ActionForm } from "../../../components/action-form.tsx";
import { SubmitButton } from "../../../components/submit-button.tsx";
import { Field, Input } from "../../../components/ui/field.tsx";
import { enter } from "../actions.ts";

export function SignInForm({ next }: { next: string }) {
  return (
    <ActionForm action={enter} className="flex flex-col gap-4">
      {({ values }) => (
        <>
          <input type="hidden" name="next" value={next} />
          <Field id="email" label="E-mail address">
            <Input
              id="email"
              name="email"
              type="email"
              autoComplete="username"
              required
              defaultValue={values?.email}
            />
          </Field>
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
