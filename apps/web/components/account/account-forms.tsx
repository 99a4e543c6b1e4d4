"use client";

import {
  beginSecondFactor,
  changePassword,
  confirmSecondFactor,
  disableSecondFactor,
  endOwnSession,
} from "../../app/(desk)/account/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { NewPassword } from "../entry/entry-forms.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Input } from "../ui/field.tsx";

function Password({ id }: { id: string }) {
  return (
    <Field id={id} label="Your password">
      <Input id={id} name="password" type="password" autoComplete="current-password" required />
    </Field>
  );
}

function Code({ id }: { id: string }) {
  return (
    <Field id={id} label="Code of the app">
      <Input id={id} name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={6} required />
    </Field>
  );
}

export function ChangePasswordForm({ minimumPasswordLength }: { minimumPasswordLength: number }) {
  return (
    <ActionForm action={changePassword} className="grid max-w-sm gap-3">
      <Password id="present-password" />
      <NewPassword id="new-password" name="newPassword" minimum={minimumPasswordLength} />
      <SubmitButton>Change password</SubmitButton>
    </ActionForm>
  );
}

export function BeginSecondFactorForm() {
  return (
    <ActionForm action={beginSecondFactor} className="grid max-w-sm gap-3">
      {({ result }) =>
        result ? (
          <>
            <p className="text-sm">Scan this with an authenticator app, or type the key:</p>
            {/* biome-ignore lint/performance/noImgElement: there is nothing to fetch or to make smaller */}
            <img
              src={`data:image/svg+xml;base64,${btoa(result.qr)}`}
              alt="The key below, as a QR code"
              className="size-48 bg-white"
            />
            <code className="text-sm break-all">{result.secret}</code>
            <p className="text-sm">Keep these backup codes apart from the phone. Each works once:</p>
            <ul className="grid grid-cols-2 gap-1 font-mono text-sm">
              {result.backupCodes.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </>
        ) : (
          <>
            <Password id="begin-password" />
            <SubmitButton>Set up a second factor</SubmitButton>
          </>
        )
      }
    </ActionForm>
  );
}

export function ConfirmSecondFactorForm() {
  return (
    <ActionForm action={confirmSecondFactor} className="grid max-w-sm gap-3">
      <Code id="confirm-code" />
      <SubmitButton look="primary">Switch it on</SubmitButton>
    </ActionForm>
  );
}

export function DisableSecondFactorForm() {
  return (
    <ActionForm action={disableSecondFactor} className="grid max-w-sm gap-3">
      <Password id="disable-password" />
      <Code id="disable-code" />
      <SubmitButton>Switch it off</SubmitButton>
    </ActionForm>
  );
}

export function EndSessionForm({ sessionId }: { sessionId: string }) {
  return (
    <ActionForm action={endOwnSession}>
      <input type="hidden" name="sessionId" value={sessionId} />
      <SubmitButton>End</SubmitButton>
    </ActionForm>
  );
}
