"use client";

import type { ReactNode } from "react";
import type { FormAction, FormState } from "../src/access/action.ts";
import { FormError } from "./form-error.tsx";
import { useFormAction } from "./use-form-action.ts";

/**
 * A form for a server action: sends, then shows the error beside what was typed. Without JavaScript the
 * browser sends it and the server renders the same.
 */
export function ActionForm<Result>({
  action,
  children,
  className,
}: {
  action: FormAction<Result>;
  children: ReactNode | ((state: FormState<Result>) => ReactNode);
  className?: string;
}) {
  const { state, send, form } = useFormAction(action);
  return (
    <form ref={form} action={send} className={className}>
      <FormError error={state.error} />
      {typeof children === "function" ? children(state) : children}
    </form>
  );
}
