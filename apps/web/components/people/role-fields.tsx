import { Field, Select } from "../ui/field.tsx";

export interface AppChoice {
  readonly slug: string;
  readonly name: string;
}

export const roleNames = {
  viewer: "Viewer: looks",
  agent: "Agent: asks for refunds",
  approver: "Approver: also decides, and reads the audit log",
  admin: "Administrator: also apps, connections and people",
} as const;

/**
 * A role and where it holds.
 *
 * @param values what was sent and refused: a form that comes back must never give more than was chosen
 */
export function RoleFields({
  prefix,
  apps,
  values,
}: {
  prefix: string;
  apps: readonly AppChoice[];
  values: Readonly<Record<string, string>> | undefined;
}) {
  return (
    <>
      <Field id={`${prefix}-role`} label="Role">
        <Select id={`${prefix}-role`} name="role" defaultValue={values?.role ?? "agent"}>
          {Object.entries(roleNames).map(([role, label]) => (
            <option key={role} value={role}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <Field id={`${prefix}-app`} label="In">
        <Select id={`${prefix}-app`} name="appSlug" defaultValue={values?.appSlug ?? ""}>
          <option value="">All apps, also those to come</option>
          {apps.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
    </>
  );
}
