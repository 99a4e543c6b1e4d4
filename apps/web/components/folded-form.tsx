"use client";

import type { ReactNode } from "react";
import type { FormAction, FormState } from "../src/access/action.ts";
import { classNames } from "./class-names.ts";
import { FormError } from "./form-error.tsx";
import { useFormAction } from "./use-form-action.ts";

/**
 * A form behind a line that opens it. Once it was sent it stays open, with or without scripts, whatever the page
 * thinks by then: what came of it may be shown only this once.
 */
export function FoldedForm<Result>({
  action,
  summary,
  open,
  className,
  children,
}: {
  action: FormAction<Result>;
  summary: ReactNode;
  open: boolean;
  className?: string;
  children: (state: FormState<Result>) => ReactNode;
}) {
  const { state, send, form } = useFormAction(action);
  const isSent = state.error !== undefined || state.result !== undefined;
  return (
    <details
      open={open || isSent}
      className={classNames("mt-4 rounded-lg border border-dashed border-line-strong", className)}
    >
      <summary className="flex list-none items-center gap-2 px-4 py-3 text-sm font-medium text-ink-soft hover:text-ink [&::-webkit-details-marker]:hidden">
        {summary}
      </summary>
      <form ref={form} action={send} className="grid gap-4 p-4 pt-1">
        <FormError error={state.error} />
        {children(state)}
      </form>
    </details>
  );
}
