"use client";

import { type ReactNode, useActionState } from "react";
import type { FormAction, FormState } from "../src/access/action.ts";
import { FormError } from "./form-error.tsx";

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
  const [state, send] = useActionState(action, {});
  return (
    <form action={send} className={className}>
      <FormError error={state.error} />
      {typeof children === "function" ? children(state) : children}
    </form>
  );
}
