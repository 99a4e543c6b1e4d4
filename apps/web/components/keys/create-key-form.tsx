"use client";

import { Plus } from "lucide-react";
import { makeKey } from "../../app/(desk)/settings/keys/actions.ts";
import { SecretOnce } from "../apps/secret-once.tsx";
import { FoldedForm } from "../folded-form.tsx";
import type { AppChoice } from "../people/role-fields.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Input, Select } from "../ui/field.tsx";
import { permissionNames } from "./permission-names.ts";

type Typed = Readonly<Record<string, string>> | undefined;

const lives = { 30: "30 days", 90: "90 days", 180: "half a year", 365: "a year" };

/** A key for a program. Its secret is shown here, once. */
export function CreateKeyForm({ apps, open }: { apps: readonly AppChoice[]; open: boolean }) {
  return (
    <FoldedForm
      action={makeKey}
      open={open}
      summary={
        <>
          <Plus aria-hidden className="size-4" /> Make a key
        </>
      }
    >
      {({ result, values }) => (
        <>
          {result && (
            <SecretOnce
              secret={result.secret}
              label="secret of the key"
              hint="Copy it now into the program’s configuration: it is not shown again."
            >
              {`This is the secret of ${result.name}.`}
            </SecretOnce>
          )}
          <div className="grid gap-4 sm:grid-cols-3">
            <Field id="key-name" label="For which program">
              <Input id="key-name" name="name" required maxLength={100} defaultValue={values?.name} />
            </Field>
            <Field id="key-days" label="Works for">
              <Select id="key-days" name="days" defaultValue={values?.days ?? "90"}>
                {Object.entries(lives).map(([days, label]) => (
                  <option key={days} value={days}>
                    {label}
                  </option>
                ))}
              </Select>
            </Field>
            <Field id="key-rate" label="Calls a minute, at most">
              <Input
                id="key-rate"
                name="ratePerMinute"
                type="number"
                min={1}
                max={6000}
                required
                defaultValue={values?.ratePerMinute ?? "60"}
              />
            </Field>
          </div>
          <PermissionBoxes typed={values} />
          <AppBoxes apps={apps} typed={values} />
          <div className="flex justify-end">
            <SubmitButton look="primary">Make key</SubmitButton>
          </div>
        </>
      )}
    </FoldedForm>
  );
}

function PermissionBoxes({ typed }: { typed: Typed }) {
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-sm font-medium">It may</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {Object.entries(permissionNames).map(([permission, label]) => (
          <label key={permission} className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              name={`can:${permission}`}
              defaultChecked={typed === undefined || typed[`can:${permission}`] === "on"}
              className="size-4 accent-accent"
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The apps are listed only while the key is to be for some of them, by the style sheet alone. */
function AppBoxes({ apps, typed }: { apps: readonly AppChoice[]; typed: Typed }) {
  const reach = typed?.reach ?? "all";
  return (
    <fieldset className="group grid gap-2">
      <legend className="mb-1.5 text-sm font-medium">In</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
        {[
          ["all", "every app of yours, also those to come"],
          ["these", "only these"],
        ].map(([value, label]) => (
          <label key={value} className="flex items-center gap-2">
            <input
              type="radio"
              name="reach"
              value={value}
              defaultChecked={reach === value}
              className="size-4 accent-accent"
            />
            {label}
          </label>
        ))}
      </div>
      <div className="hidden max-h-56 flex-wrap gap-x-6 gap-y-2 overflow-y-auto rounded-md border border-line bg-canvas p-3 text-sm group-has-[[value=these]:checked]:flex">
        {apps.map(({ slug, name }) => (
          <label key={slug} className="flex items-center gap-2">
            <input
              type="checkbox"
              name={`app:${slug}`}
              defaultChecked={typed?.[`app:${slug}`] === "on"}
              className="size-4 accent-accent"
            />
            {name}
          </label>
        ))}
        {apps.length === 0 && <span className="text-ink-faint">This desk has no apps yet.</span>}
      </div>
    </fieldset>
  );
}
