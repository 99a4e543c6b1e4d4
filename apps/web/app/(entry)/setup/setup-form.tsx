"use client";

import { ActionForm } from "../../../components/action-form.tsx";
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
          <Field id="password" label="Password" hint={`At least ${minimumPasswordLength} characters.`}>
            <Input
              id="password"
              name="password"
              type="password"
              autoComplete="new-password"
              aria-describedby="password-hint"
              minLength={minimumPasswordLength}
              required
            />
          </Field>
          <SubmitButton look="primary" size="wide">
            Create the administrator
          </SubmitButton>
        </>
      )}
    </ActionForm>
  );
}
