"use client";

import { Mail } from "lucide-react";
import {
  invitePerson,
  letIn,
  requireFactor,
  resetFactor,
  shutOut,
  signOutPerson,
} from "../../app/(desk)/settings/people/actions.ts";
import type { FormAction } from "../../src/access/action.ts";
import { ActionForm } from "../action-form.tsx";
import { FoldedForm } from "../folded-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";
import { Field, Input } from "../ui/field.tsx";
import { type AppChoice, RoleFields } from "./role-fields.tsx";

export function InviteForm({
  apps,
  mailWay,
  open,
}: {
  apps: readonly AppChoice[];
  mailWay: "smtp" | "log" | "none";
  open: boolean;
}) {
  return (
    <FoldedForm
      action={invitePerson}
      open={open}
      summary={
        <>
          <Mail aria-hidden className="size-4" /> Invite a person
        </>
      }
    >
      {({ result, values }) =>
        mailWay === "none" ? (
          <Banner tone="waiting">
            This desk sends no mail: set SMTP_URL and MAIL_FROM, or add the person with a first password.
          </Banner>
        ) : (
          <>
            {result && (
              <Banner tone="good" title={`An invitation to ${result.email} is on its way.`}>
                {mailWay === "log"
                  ? "This desk has no mail server: the link is printed to its log."
                  : "The link works once, for seven days."}
              </Banner>
            )}
            <div className="grid gap-4 sm:grid-cols-3">
              <Field id="invite-email" label="E-mail address">
                <Input id="invite-email" name="email" type="email" required defaultValue={values?.email} />
              </Field>
              <RoleFields prefix="invite" apps={apps} values={values} />
            </div>
            <div className="flex justify-end">
              <SubmitButton look="primary">Invite</SubmitButton>
            </div>
          </>
        )
      }
    </FoldedForm>
  );
}

export function PersonActions({
  person,
}: {
  person: { readonly id: string; readonly hasSecondFactor: boolean; readonly deactivatedAt: Date | null };
}) {
  const { id, hasSecondFactor, deactivatedAt } = person;
  return (
    <div className="flex flex-wrap gap-3">
      <PersonButton action={signOutPerson} name="operatorId" value={id} label="End all sessions" />
      {hasSecondFactor && (
        <PersonButton action={resetFactor} name="operatorId" value={id} label="Reset second factor" />
      )}
      {deactivatedAt === null ? (
        <PersonButton action={shutOut} name="operatorId" value={id} label="Deactivate" />
      ) : (
        <PersonButton action={letIn} name="operatorId" value={id} label="Activate" />
      )}
    </div>
  );
}

export function RequireFactorForm({ required }: { required: boolean }) {
  return (
    <ActionForm action={requireFactor} className="mt-4 flex flex-wrap items-center gap-3 text-sm">
      <label className="flex min-w-0 flex-1 items-center gap-2">
        <input type="checkbox" name="required" defaultChecked={required} /> Everybody needs a second factor
      </label>
      <SubmitButton>Save</SubmitButton>
    </ActionForm>
  );
}

/** One change of one person or invitation. */
export function PersonButton<Result>(props: {
  action: FormAction<Result>;
  name: string;
  value: string;
  label: string;
}) {
  return (
    <ActionForm action={props.action}>
      <input type="hidden" name={props.name} value={props.value} />
      <SubmitButton>{props.label}</SubmitButton>
    </ActionForm>
  );
}
