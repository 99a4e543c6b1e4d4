"use client";

import { followDesk } from "../../app/(desk)/settings/policies/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";

/** Takes an app's own policy out of force. */
export function FollowDeskForm({
  slug,
  name,
  seenVersion,
}: {
  slug: string;
  name: string;
  seenVersion: number;
}) {
  return (
    <ActionForm
      action={followDesk}
      className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-line bg-surface p-4 shadow-(--shadow)"
    >
      <input type="hidden" name="app" value={slug} />
      <input type="hidden" name="seenVersion" value={seenVersion} />
      <p className="min-w-0 flex-1 basis-64 text-sm text-ink-soft">
        {name} can follow the desk’s policy instead. Its own versions are kept below.
      </p>
      <SubmitButton size="small">Follow the desk’s</SubmitButton>
    </ActionForm>
  );
}
