"use client";

import { FileSpreadsheet } from "lucide-react";
import { type ChangeEvent, useRef, useState } from "react";
import { ask } from "../../app/(desk)/bulk-refunds/actions.ts";
import { FoldedForm } from "../folded-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Input, Select, Textarea } from "../ui/field.tsx";

/** Asks for a list of refunds: from a search, or from lines that are pasted or read from a file. */
export function NewBulkForm({
  apps,
  app,
  filter,
  requestKey,
}: {
  apps: readonly { slug: string; name: string }[];
  app: string | undefined;
  filter: string | undefined;
  /** New at each visit, so that a list that is sent twice is asked for once. */
  requestKey: string;
}) {
  // The page may be read again meanwhile; the request stays the same one.
  const [key] = useState(requestKey);
  const lines = useRef<HTMLTextAreaElement>(null);
  const read = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    if (file && lines.current) lines.current.value = await file.text();
  };
  return (
    <FoldedForm
      action={ask}
      open={filter !== undefined}
      summary={
        <>
          <FileSpreadsheet aria-hidden className="size-4" /> Refund many purchases
        </>
      }
    >
      {({ values }) => (
        <>
          <input type="hidden" name="requestKey" value={values?.requestKey ?? key} />
          <Field id="app" label="App">
            <Select id="app" name="app" defaultValue={values?.app ?? app ?? apps[0]?.slug}>
              {apps.map(({ slug, name }) => (
                <option key={slug} value={slug}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
          <Field
            id="filter"
            label="Purchases that match"
            hint="The words of the search of purchases, such as date:2026-11-01..2026-11-05 amount:49eur. Or leave it empty and give lines."
          >
            <Input
              id="filter"
              name="filter"
              maxLength={200}
              aria-describedby="filter-hint"
              defaultValue={values?.filter ?? filter}
            />
          </Field>
          <Field
            id="csv"
            label="Or lines of a CSV"
            hint="First line: purchase (or charge, payment_intent, order_number), and where not all is to be returned amount,currency. Amounts with all their decimals: 49.00,EUR or 500,JPY."
          >
            <Textarea
              id="csv"
              name="csv"
              ref={lines}
              spellCheck={false}
              aria-describedby="csv-hint"
              placeholder={"order_number,amount,currency\nA-1001,4900,eur\nA-1002,,"}
              className="min-h-28 font-mono text-sm"
              defaultValue={values?.csv}
            />
            <input
              type="file"
              accept=".csv,.tsv,.txt,text/csv"
              aria-label="Read the lines from a file"
              onChange={read}
              className="text-xs text-ink-soft"
            />
          </Field>
          <Field id="reason" label="Reason" hint="A code of the app's list." optional>
            <Input id="reason" name="reason" maxLength={40} defaultValue={values?.reason} />
          </Field>
          <Field id="note" label="Note" hint="For whoever approves: why." optional>
            <Textarea
              id="note"
              name="note"
              maxLength={2000}
              className="min-h-14"
              defaultValue={values?.note}
            />
          </Field>
          <div className="flex flex-wrap items-center justify-end gap-3">
            <p className="mr-auto text-xs text-ink-faint">
              Nothing is refunded yet: every line is judged first, then somebody else approves the list.
            </p>
            <SubmitButton look="primary">Judge the list</SubmitButton>
          </div>
        </>
      )}
    </FoldedForm>
  );
}
