"use client";

import { accept, enterCode, forgot, resetPassword } from "../../app/(entry)/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";
import { Field, Input } from "../ui/field.tsx";

const column = "flex flex-col gap-4";

/** The address that one signs in with. */
export function EmailField({ typed }: { typed: string | undefined }) {
  return (
    <Field id="email" label="E-mail address">
      <Input id="email" name="email" type="email" autoComplete="username" required defaultValue={typed} />
    </Field>
  );
}

export function NewPassword({
  id = "password",
  name = "password",
  label = "New password",
  minimum,
}: {
  id?: string;
  name?: string;
  label?: string;
  minimum: number;
}) {
  return (
    <Field id={id} label={label} hint={`At least ${minimum} characters.`}>
      <Input
        id={id}
        name={name}
        type="password"
        autoComplete="new-password"
        aria-describedby={`${id}-hint`}
        minLength={minimum}
        required
      />
    </Field>
  );
}

export function CodeForm({ next }: { next: string }) {
  return (
    <ActionForm action={enterCode} className={column}>
      <input type="hidden" name="next" value={next} />
      <Field id="code" label="Code" hint="Of your authenticator app, or one of your backup codes.">
        <Input
          id="code"
          name="code"
          autoComplete="one-time-code"
          autoCapitalize="off"
          spellCheck={false}
          aria-describedby="code-hint"
          required
        />
      </Field>
      <SubmitButton look="primary" size="wide">
        Sign in
      </SubmitButton>
    </ActionForm>
  );
}

export function AcceptForm({
  token,
  minimumPasswordLength,
}: {
  token: string;
  minimumPasswordLength: number;
}) {
  return (
    <ActionForm action={accept} className={column}>
      {({ values }) => (
        <>
          <input type="hidden" name="token" value={token} />
          <Field id="name" label="Your name">
            <Input id="name" name="name" autoComplete="name" required defaultValue={values?.name} />
          </Field>
          <NewPassword minimum={minimumPasswordLength} />
          <SubmitButton look="primary" size="wide">
            Accept the invitation
          </SubmitButton>
        </>
      )}
    </ActionForm>
  );
}

export function ForgotForm() {
  return (
    <ActionForm action={forgot} className={column}>
      {({ result, values }) => (
        <>
          {result && (
            <Banner tone="good" title="Look into your mail.">
              If this address has an account here, a link that works for an hour is on its way.
            </Banner>
          )}
          <EmailField typed={values?.email} />
          <SubmitButton look="primary" size="wide">
            Send me a link
          </SubmitButton>
        </>
      )}
    </ActionForm>
  );
}

export function ResetForm({
  token,
  minimumPasswordLength,
}: {
  token: string;
  minimumPasswordLength: number;
}) {
  return (
    <ActionForm action={resetPassword} className={column}>
      {({ result }) =>
        result ? (
          <Banner tone="good" title="Your new password holds from now on.">
            You were signed out everywhere. <a href="/sign-in">Sign in</a>
          </Banner>
        ) : (
          <>
            <input type="hidden" name="token" value={token} />
            <NewPassword minimum={minimumPasswordLength} />
            <SubmitButton look="primary" size="wide">
              Set the password
            </SubmitButton>
          </>
        )
      }
    </ActionForm>
  );
}
