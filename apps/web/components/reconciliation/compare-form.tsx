"use client";

import { compare } from "../../app/(desk)/reconciliation/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";

export function CompareForm({ app, name }: { app: string; name: string }) {
  return (
    <ActionForm action={compare}>
      <input type="hidden" name="app" value={app} />
      <SubmitButton size="small">
        Compare now<span className="sr-only">: {name}</span>
      </SubmitButton>
    </ActionForm>
  );
}
