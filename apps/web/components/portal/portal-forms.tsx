"use client";

import { pingOwnApp, resendOwnDelivery, rotateOwnSecret } from "../../app/(portal)/portal/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SecretOnce } from "../apps/secret-once.tsx";
import Link from "../link.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";

export function PingOwnForm() {
  return (
    <ActionForm action={pingOwnApp} className="grid justify-items-start gap-2">
      {({ result }) => (
        <>
          <input type="hidden" name="send" value="ping" />
          {result && (
            <Banner tone={result.ok ? "good" : "bad"}>
              {result.message ?? `Your app took a signed message and answered ${result.httpStatus}.`}{" "}
              <Link href={`/portal/deliveries/${result.notificationId}`}>Request and answer</Link>
            </Banner>
          )}
          <SubmitButton size="small">Send a ping</SubmitButton>
        </>
      )}
    </ActionForm>
  );
}

export function OwnSecretForm() {
  return (
    <ActionForm action={rotateOwnSecret} className="grid gap-3">
      {({ result }) => (
        <>
          <input type="hidden" name="rotate" value="secret" />
          {result && (
            <SecretOnce secret={result.notificationSecret}>
              {result.previousUntil
                ? "This is the new notification secret. The one before it stays good for 24 hours."
                : "This is the new notification secret. The one before it is no longer good."}
            </SecretOnce>
          )}
          <p className="text-sm text-ink-soft">
            The secret signs messages. After a new one is made they carry both signatures for 24 hours, so
            that your app can be given it meanwhile.
          </p>
          <label className="flex items-center gap-2 text-sm">
            <input type="checkbox" name="endPrevious" value="yes" />
            It has leaked: end the old one now
          </label>
          <div>
            <SubmitButton size="small">New secret</SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

export function ResendOwnForm({ notificationId }: { notificationId: string }) {
  return (
    <ActionForm action={resendOwnDelivery}>
      <input type="hidden" name="notificationId" value={notificationId} />
      <SubmitButton size="small">Send again</SubmitButton>
    </ActionForm>
  );
}
