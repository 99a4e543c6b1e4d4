import type { AppView } from "@redress/core/apps/app-view";
import { Search } from "lucide-react";
import Form from "next/form";
import { AppOptions } from "../app-filter.tsx";
import { Button } from "../ui/button.tsx";
import { Input, Select } from "../ui/field.tsx";

/** Search by what a customer writes in an e-mail. The state stands in the address. */
export function SearchForm({
  query,
  app,
  apps,
}: {
  query: string | undefined;
  app: string | undefined;
  apps: readonly AppView[];
}) {
  return (
    <Form action="/purchases" className="mb-4 flex flex-wrap gap-2" role="search">
      <div className="relative min-w-56 flex-1">
        <Search aria-hidden className="pointer-events-none absolute top-2.5 left-3 size-4 text-ink-faint" />
        <Input
          type="search"
          name="query"
          aria-label="Search purchases"
          placeholder="E-mail, name, order number, last four digits, 49.00eur, 2026-11-01, ch_…"
          defaultValue={query}
          className="pl-9"
        />
      </div>
      {apps.length > 1 && (
        <Select name="app" aria-label="App" defaultValue={app ?? ""} className="w-auto max-w-48">
          <AppOptions apps={apps} />
        </Select>
      )}
      <Button type="submit">Search</Button>
    </Form>
  );
}
