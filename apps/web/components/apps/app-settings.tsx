"use client";

import { changeApp, disconnect, rotateSecret } from "../../app/(desk)/settings/integrations/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";
import { SecretOnce } from "./secret-once.tsx";
import { SettingsFields, type SettingsValues } from "./settings-fields.tsx";

export function ChangeAppForm({ slug, values }: { slug: string; values: SettingsValues }) {
  return (
    <ActionForm action={changeApp} className="grid gap-4">
      {({ result, values: typed }) => (
        <>
          <input type="hidden" name="slug" value={slug} />
          {result && <Banner tone="good">Saved.</Banner>}
          <div className="grid gap-4 sm:grid-cols-2">
            <SettingsFields prefix={slug} values={values} typed={typed} />
          </div>
          <div className="flex justify-end">
            <SubmitButton look="primary">Save</SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

export function RotateSecretForm({ slug }: { slug: string }) {
  return (
    <ActionForm action={rotateSecret} className="grid gap-3">
      {({ result }) => (
        <>
          <input type="hidden" name="slug" value={slug} />
          {result && (
            <SecretOnce secret={result.notificationSecret}>
              {result.previousUntil
                ? "This is the new notification secret. The one before it stays good for 24 hours."
                : "This is the new notification secret. The one before it is no longer good."}
            </SecretOnce>
          )}
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="text-sm text-ink-soft">
              The secret signs notifications. After a new one is made, messages carry both signatures for 24
              hours, so that the app can be given it meanwhile.
            </p>
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

export function DisconnectForm({ slug, name, accountId }: { slug: string; name: string; accountId: string }) {
  return (
    <ActionForm action={disconnect} className="grid gap-3">
      <input type="hidden" name="slug" value={slug} />
      <p className="text-sm text-ink-soft">
        Redress gives up its access to {accountId} at Stripe. {name}’s purchases and refunds stay here; open
        refunds wait until the same account is connected again.
      </p>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <label className="flex items-center gap-2 text-sm">
          <input type="checkbox" name="despiteRefunds" />
          Also while refunds are on their way to Stripe
        </label>
        <SubmitButton look="dangerous" size="small">
          Disconnect {name}
        </SubmitButton>
      </div>
    </ActionForm>
  );
}
