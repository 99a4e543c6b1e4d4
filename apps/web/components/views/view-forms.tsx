"use client";

import type { ViewPage } from "@redress/database";
import { Bookmark, Pencil, Trash2 } from "lucide-react";
import { keepView, nameView, removeView } from "../../app/(desk)/views/actions.ts";
import { FoldedForm } from "../folded-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Input } from "../ui/field.tsx";

const fold = { open: false, className: "mt-0" };
const icon = { "aria-hidden": true, className: "size-4" } as const;
const row = "flex flex-wrap items-center gap-2";

/** Saves what is looked at under a name. */
export function KeepViewForm({ page, search }: { page: ViewPage; search: string }) {
  const summary = (
    <>
      <Bookmark {...icon} /> Save these filters as a view
    </>
  );
  return (
    <FoldedForm action={keepView} summary={summary} {...fold}>
      {({ values }) => (
        <div className={row}>
          <input type="hidden" name="page" value={page} />
          <input type="hidden" name="search" value={search} />
          <Input
            name="viewName"
            aria-label="Name of the view"
            placeholder="Name"
            maxLength={60}
            required
            defaultValue={values?.viewName}
            className="max-w-60"
          />
          <label className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              name="shared"
              defaultChecked={values?.shared === "on"}
              className="size-4 accent-accent"
            />
            For everybody who may see this page
          </label>
          <SubmitButton size="small">Save</SubmitButton>
        </div>
      )}
    </FoldedForm>
  );
}

/** Gives a view of the reader's another name. */
export function NameViewForm({ viewId, name }: { viewId: string; name: string }) {
  const summary = (
    <>
      <Pencil {...icon} /> Rename this view
    </>
  );
  return (
    <FoldedForm action={nameView} summary={summary} {...fold}>
      {() => (
        <div className={row}>
          <input type="hidden" name="viewId" value={viewId} />
          <Input
            key={name}
            name="newName"
            aria-label="New name of the view"
            maxLength={60}
            required
            defaultValue={name}
            className="max-w-60"
          />
          <SubmitButton size="small">Rename</SubmitButton>
        </div>
      )}
    </FoldedForm>
  );
}

export function RemoveViewForm({ viewId, page }: { viewId: string; page: ViewPage }) {
  const summary = (
    <>
      <Trash2 {...icon} /> Delete this view
    </>
  );
  return (
    <FoldedForm action={removeView} summary={summary} {...fold}>
      {() => (
        <div className={row}>
          <input type="hidden" name="removedId" value={viewId} />
          <input type="hidden" name="page" value={page} />
          <SubmitButton size="small" look="danger">
            Delete
          </SubmitButton>
        </div>
      )}
    </FoldedForm>
  );
}
