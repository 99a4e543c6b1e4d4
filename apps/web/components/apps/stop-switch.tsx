"use client";

import { release, stop } from "../../app/(desk)/settings/integrations/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Input } from "../ui/field.tsx";

export function StopForm({ slug, name }: { slug: string; name: string }) {
  return (
    <ActionForm action={stop} className="grid gap-3">
      <input type="hidden" name="slug" value={slug} />
      <p className="text-sm text-ink-soft">
        Nothing more is sent to Stripe for {name}, approved or not, and nothing new can be asked for, until an
        admin lets refunds run again. What waits goes on by itself then.
      </p>
      <Field id={`${slug}-stop-reason`} label="Why" hint="Everybody who works with the app reads it.">
        <Input
          id={`${slug}-stop-reason`}
          name="reason"
          required
          maxLength={500}
          aria-describedby={`${slug}-stop-reason-hint`}
        />
      </Field>
      <div className="flex justify-end">
        <SubmitButton look="dangerous" size="small">
          Stop all refunds of {name}
        </SubmitButton>
      </div>
    </ActionForm>
  );
}

export function ReleaseForm({ slug, name }: { slug: string; name: string }) {
  return (
    <ActionForm action={release} className="inline-flex">
      <input type="hidden" name="slug" value={slug} />
      <SubmitButton size="small">Let refunds of {name} run again</SubmitButton>
    </ActionForm>
  );
}
