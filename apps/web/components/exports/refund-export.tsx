import { Download } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Input, Select } from "../ui/field.tsx";

/** Takes the refunds of an app, month and currency out as CSV; a form without scripts. */
export function RefundExport({
  apps,
}: {
  apps: readonly { readonly slug: string; readonly name: string }[];
}) {
  return (
    <details className="mt-6 rounded-lg border border-dashed border-line-strong">
      <summary className="flex list-none items-center gap-2 px-4 py-3 text-sm font-medium text-ink-soft hover:text-ink [&::-webkit-details-marker]:hidden">
        <Download aria-hidden className="size-4" /> Export for accounting
      </summary>
      <form method="get" action="/api/v1/exports/refunds" className="grid gap-3 p-4 pt-1">
        <p className="text-sm text-ink-soft">
          A line for each refund that Stripe has, and another for one that came back, with what Stripe booked.
          Months are in UTC.
        </p>
        <div className="grid gap-2 sm:grid-cols-4">
          <Select name="app" aria-label="App">
            <option value="">App: any</option>
            {apps.map(({ slug, name }) => (
              <option key={slug} value={slug}>
                {name}
              </option>
            ))}
          </Select>
          <Input name="month" type="month" aria-label="Month, UTC" placeholder="2026-11" />
          <Input
            name="currency"
            aria-label="Currency"
            placeholder="Currency: any"
            maxLength={3}
            pattern="[a-z]{3}"
            title="Three small letters, such as eur"
          />
          <Button type="submit">CSV</Button>
        </div>
      </form>
    </details>
  );
}
