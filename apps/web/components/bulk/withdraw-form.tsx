"use client";

import { withdrawList } from "../../app/(desk)/bulk-refunds/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";

export function WithdrawBulkForm({ bulkRefundId }: { bulkRefundId: string }) {
  return (
    <ActionForm action={withdrawList}>
      <input type="hidden" name="bulkRefundId" value={bulkRefundId} />
      <SubmitButton size="small">Withdraw</SubmitButton>
    </ActionForm>
  );
}
