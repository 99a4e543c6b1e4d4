"use client";

import { withdraw } from "../../app/(desk)/refunds/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";

export function WithdrawForm({ refundId }: { refundId: string }) {
  return (
    <ActionForm action={withdraw}>
      <input type="hidden" name="refundId" value={refundId} />
      <SubmitButton size="small">Withdraw request</SubmitButton>
    </ActionForm>
  );
}
