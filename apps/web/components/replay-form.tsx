"use client";

import { replay } from "../app/(desk)/events/actions.ts";
import { ActionForm } from "./action-form.tsx";
import { SubmitButton } from "./submit-button.tsx";

export function ReplayForm({ eventId }: { eventId: string }) {
  return (
    <ActionForm action={replay}>
      <input type="hidden" name="eventId" value={eventId} />
      <SubmitButton size="small">Handle again</SubmitButton>
    </ActionForm>
  );
}
