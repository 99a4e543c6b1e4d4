"use client";

import { chooseMail, makeCode, unlink } from "../../app/(desk)/settings/slack/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { CopyText } from "../copy-text.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";

export function MakeCodeForm() {
  return (
    <ActionForm action={makeCode} className="grid gap-3">
      {({ result }) => (
        <>
          <input type="hidden" name="make" value="code" />
          {result && (
            <Banner tone="waiting" title="Enter this code in Slack within ten minutes.">
              <p>
                Press a button of a request there; the form that opens asks for it. Give it to nobody: whoever
                enters it decides in your name.
              </p>
              <p className="mt-1.5 rounded-md border border-line bg-surface px-2 py-1 text-ink">
                <CopyText text={result.code} label="code" />
              </p>
            </Banner>
          )}
          <div>
            <SubmitButton size="small">Make a code for Slack</SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

export function UnlinkForm(identity: { operatorId: string; teamId: string; userId: string }) {
  return (
    <ActionForm action={unlink}>
      <input type="hidden" name="operatorId" value={identity.operatorId} />
      <input type="hidden" name="teamId" value={identity.teamId} />
      <input type="hidden" name="userId" value={identity.userId} />
      <SubmitButton size="small">Unlink</SubmitButton>
    </ActionForm>
  );
}

export function MailForm({ wanted }: { wanted: boolean }) {
  return (
    <ActionForm action={chooseMail} className="flex flex-wrap items-center gap-3">
      {({ result }) => (
        <>
          <input type="hidden" name="form" value="mail" />
          <label className="flex flex-1 items-start gap-2.5 text-sm">
            <input
              key={String(wanted)}
              type="checkbox"
              name="mail"
              defaultChecked={wanted}
              className="mt-0.5 size-4 accent-accent"
            />
            <span>
              Write to me when a request waits that I may approve
              <span className="block text-xs text-ink-faint">
                The message leads to the request’s page; it approves nothing by itself.
              </span>
            </span>
          </label>
          {result && <span className="text-sm text-good">Saved</span>}
          <SubmitButton size="small">Save</SubmitButton>
        </>
      )}
    </ActionForm>
  );
}
