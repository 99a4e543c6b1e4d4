"use client";

import { resendDelivery } from "../../app/(desk)/deliveries/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";

export function ResendDeliveryForm({ notificationId }: { notificationId: string }) {
  return (
    <ActionForm action={resendDelivery}>
      <input type="hidden" name="notificationId" value={notificationId} />
      <SubmitButton size="small">Send again</SubmitButton>
    </ActionForm>
  );
}
