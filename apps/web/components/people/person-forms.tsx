"use client";

import { addPerson, giveRole } from "../../app/(desk)/settings/people/actions.ts";
import { ActionForm } from "../action-form.tsx";
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
    <ActionForm action={addPerson} className="grid gap-4 p-4">
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
            <RoleFields prefix="person" apps={apps} />
          </div>
          <div className="flex justify-end">
            <SubmitButton look="primary">Add person</SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

export function GiveRoleForm({ operatorId, apps }: { operatorId: string; apps: readonly AppChoice[] }) {
  return (
    <ActionForm action={giveRole} className="grid gap-3">
      <input type="hidden" name="operatorId" value={operatorId} />
      <div className="grid items-end gap-3 sm:grid-cols-[1fr_1fr_auto]">
        <RoleFields prefix={operatorId} apps={apps} />
        <SubmitButton>Give role</SubmitButton>
      </div>
    </ActionForm>
  );
}
