import { auditActions } from "@redress/core/audit/actions";
import { actorKinds } from "@redress/core/audit/filter-audit";
import type { ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { Input, Select } from "../ui/field.tsx";

/** Narrows the log; a form without scripts, whose choice stands in the address. */
export function AuditFilters({
  apps,
  search,
}: {
  apps: readonly { readonly slug: string; readonly name: string }[];
  search: Readonly<Record<string, string>>;
}) {
  return (
    <form method="get" action="/audit" className="mb-3 grid grid-cols-2 gap-2 md:grid-cols-4 lg:grid-cols-7">
      {search.refundId && <input type="hidden" name="refundId" value={search.refundId} />}
      <Choice name="app" label="App" value={search.app}>
        {apps.map(({ slug, name }) => (
          <option key={slug} value={slug}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice name="actorKind" label="Who" value={search.actorKind}>
        {actorKinds.map((kind) => (
          <option key={kind} value={kind}>
            {kind}
          </option>
        ))}
      </Choice>
      <Choice name="action" label="What" value={search.action}>
        {auditActions.map((action) => (
          <option key={action} value={action}>
            {action.replaceAll("_", " ")}
          </option>
        ))}
      </Choice>
      <Input
        name="correlationId"
        aria-label="Caused by"
        placeholder="Caused by, cor_…"
        defaultValue={search.correlationId}
      />
      <Input name="from" type="date" aria-label="From this day on, UTC" defaultValue={search.from} />
      <Input name="to" type="date" aria-label="Before this day, UTC" defaultValue={search.to} />
      <Button type="submit">Filter</Button>
    </form>
  );
}

function Choice({
  name,
  label,
  value,
  children,
}: {
  name: string;
  label: string;
  value: string | undefined;
  children: ReactNode;
}) {
  return (
    <Select name={name} aria-label={label} defaultValue={value}>
      <option value="">{label}: any</option>
      {children}
    </Select>
  );
}
