"use client";

import { changeMail } from "../../app/(desk)/settings/integrations/mail-actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";
import { Field, Input, Textarea } from "../ui/field.tsx";
import type { MailOutcome, MailValues } from "./mail-outcome.ts";

/** One kind of mail: whether it is sent, its words, and how a customer would read them. */
export function MailForm({
  slug,
  kind,
  label,
  values,
}: {
  slug: string;
  kind: "started" | "succeeded" | "failed";
  label: string;
  values: MailValues;
}) {
  const id = (name: string) => `${kind}-${name}`;
  return (
    <ActionForm action={changeMail} className="grid gap-4 p-4">
      {({ result, values: refused }) => (
        <>
          <input type="hidden" name="slug" value={slug} />
          <input type="hidden" name="kind" value={kind} />
          <label className="flex items-center gap-2.5 text-sm font-medium">
            <input
              type="checkbox"
              name="wanted"
              defaultChecked={refused ? refused.wanted === "on" : (result?.draft ?? values).wanted}
              className="size-4 shrink-0 accent-accent"
            />
            {label}
          </label>
          <Field id={id("subject")} label="Subject" hint="Left empty: the words of Redress.">
            <Input
              id={id("subject")}
              name="subject"
              maxLength={200}
              aria-describedby={id("subject-hint")}
              defaultValue={refused?.subject ?? (result?.draft ?? values).subject}
            />
          </Field>
          <Field id={id("body")} label="Text">
            <Textarea
              id={id("body")}
              name="body"
              rows={9}
              maxLength={10_000}
              defaultValue={refused?.body ?? (result?.draft ?? values).body}
            />
          </Field>
          <Preview result={result} />
          <div className="flex flex-wrap justify-end gap-3">
            <SubmitButton name="step" value="preview">
              Preview
            </SubmitButton>
            <SubmitButton name="step" value="save" look="primary">
              Save
            </SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

function Preview({ result }: { result: MailOutcome | undefined }) {
  if (result === undefined) return null;
  return (
    <>
      {result.step === "saved" && (
        <Banner tone="good">Saved. It counts for what happens to refunds from now on.</Banner>
      )}
      <figure className="rounded-md border border-line bg-sunken p-3 text-sm">
        <figcaption className="text-xs text-ink-faint">
          As a customer would read it, with made-up facts
        </figcaption>
        <p className="mt-1 font-semibold [overflow-wrap:anywhere]">{result.preview.subject}</p>
        <p className="mt-2 whitespace-pre-wrap [overflow-wrap:anywhere]">{result.preview.body}</p>
      </figure>
    </>
  );
}
