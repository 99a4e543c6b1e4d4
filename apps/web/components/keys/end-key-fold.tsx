"use client";

import type { ReactNode } from "react";
import type { FormAction } from "../../src/access/action.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";

/** Revokes a key for good; folded, so that it is not ended by one slip. */
export function EndKeyFold<Result>({
  action,
  field,
  keyId,
  name,
  children,
}: {
  action: FormAction<Result>;
  /** The name under which the action takes the key's id. */
  field: string;
  keyId: string;
  name: string;
  /** What ends with it, in a sentence. */
  children: ReactNode;
}) {
  return (
    <details>
      <summary className="inline-flex h-7 list-none items-center rounded-md border border-bad/40 bg-surface px-2.5 text-sm font-medium text-bad hover:bg-bad-tint [&::-webkit-details-marker]:hidden">
        Revoke …
      </summary>
      <ActionForm action={action} className="mt-3 grid gap-3">
        <input type="hidden" name={field} value={keyId} />
        <p className="text-sm text-ink-soft">{children}</p>
        <div className="flex justify-end">
          <SubmitButton look="dangerous" size="small">
            Revoke {name}
          </SubmitButton>
        </div>
      </ActionForm>
    </details>
  );
}
