"use client";

import { Plus } from "lucide-react";
import {
  addPerson,
  allowOwnApproval,
  givePassword,
  giveRole,
} from "../../app/(desk)/settings/people/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { FoldedForm } from "../folded-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";
import { Field, Input } from "../ui/field.tsx";
import { type AppChoice, RoleFields } from "./role-fields.tsx";

export function AddPersonForm({
  apps,
  minimumPasswordLength,
}: {
  apps: readonly AppChoice[];
  minimumPasswordLength: number;
}) {
  return (
    <FoldedForm
      action={addPerson}
      open={false}
      summary={
        <>
          <Plus aria-hidden className="size-4" /> Add a person with a first password
        </>
      }
    >
      {({ result, values }) => (
        <>
          {result && (
            <Banner tone="good" title={`${result.name} can sign in now.`}>
              Tell them the address of this desk and the password.
            </Banner>
          )}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field id="person-name" label="Name">
              <Input id="person-name" name="name" required autoComplete="off" defaultValue={values?.name} />
            </Field>
            <Field id="person-email" label="E-mail address">
              <Input
                id="person-email"
                name="email"
                type="email"
                required
                autoComplete="off"
                defaultValue={values?.email}
              />
            </Field>
            <Field
              id="person-password"
              label="First password"
              hint={`At least ${minimumPasswordLength} characters. Tell it to them in person.`}
            >
              <Input
                id="person-password"
                name="password"
                type="password"
                required
                minLength={minimumPasswordLength}
                autoComplete="new-password"
                aria-describedby="person-password-hint"
              />
            </Field>
            <RoleFields prefix="person" apps={apps} values={values} />
          </div>
          <div className="flex justify-end">
            <SubmitButton look="primary">Add person</SubmitButton>
          </div>
        </>
      )}
    </FoldedForm>
  );
}

export function GiveRoleForm({ operatorId, apps }: { operatorId: string; apps: readonly AppChoice[] }) {
  return (
    <ActionForm action={giveRole} className="grid gap-3">
      {({ values }) => (
        <>
          <input type="hidden" name="operatorId" value={operatorId} />
          <div className="grid items-end gap-3 sm:grid-cols-[1fr_1fr_auto]">
            <RoleFields prefix={operatorId} apps={apps} values={values} />
            <SubmitButton>Give role</SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

export function SetPasswordForm({
  operatorId,
  minimumPasswordLength,
}: {
  operatorId: string;
  minimumPasswordLength: number;
}) {
  const id = `${operatorId}-password`;
  return (
    <ActionForm action={givePassword} className="grid gap-3">
      {({ result }) => (
        <>
          <input type="hidden" name="operatorId" value={operatorId} />
          {result && (
            <Banner tone="good">The new password holds from now on. They were signed out everywhere.</Banner>
          )}
          <div className="grid items-start gap-3 sm:grid-cols-[1fr_auto]">
            <Field id={id} label="New password" hint="Signs them out everywhere. Tell it to them in person.">
              <Input
                id={id}
                name="password"
                type="password"
                required
                minLength={minimumPasswordLength}
                autoComplete="new-password"
                aria-describedby={`${id}-hint`}
              />
            </Field>
            <SubmitButton className="sm:mt-6.5">Set password</SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

export function OwnApprovalForm({ allowed }: { allowed: boolean }) {
  return (
    <ActionForm action={allowOwnApproval} className="flex flex-wrap items-center gap-3">
      {({ result }) => (
        <>
          <label className="flex flex-1 items-start gap-2.5 text-sm">
            <input
              key={String(allowed)}
              type="checkbox"
              name="allow"
              defaultChecked={allowed}
              className="mt-0.5 size-4 accent-accent"
            />
            <span>
              A single administrator may approve their own requests
              <span className="block text-xs text-ink-faint">
                Holds only while this desk has exactly one administrator. Such approvals are marked in the
                history.
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
