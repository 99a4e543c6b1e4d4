"use client";

import { formatMoney } from "@redress/core/money";
import type { BlockedCode } from "@redress/core/refunds/blockage";
import { decide } from "../../app/(desk)/refunds/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";
import { Field, Textarea } from "../ui/field.tsx";
import { type ApprovalsSoFar, approvalsSentence } from "./approvals-sentence.ts";
import { obstacles } from "./obstacles.ts";

/** Names what an approval does, then lets a person decide it with a note. */
export function DecisionForm({
  refundId,
  amount,
  currency,
  recipient,
  blockage,
  back,
  approvals,
}: {
  refundId: string;
  amount: number;
  currency: string;
  recipient: string;
  /** Why an approved refund could not run now; null: it could. */
  blockage: BlockedCode | null;
  back: "queue" | "refund";
  /** Where more than one person is needed: who has approved, and how many more it takes. */
  approvals: ApprovalsSoFar | null;
}) {
  const money = formatMoney({ amount, currency });
  const noteId = `note-${refundId}`;
  return (
    <ActionForm action={decide} className="grid gap-3">
      {({ values }) => (
        <>
          <input type="hidden" name="refundId" value={refundId} />
          <input type="hidden" name="back" value={back} />
          {approvals && <p className="text-sm text-ink-soft">{approvalsSentence(approvals)}</p>}
          <p className="text-sm text-ink-soft">
            {approvals && approvals.missing > 1 ? "Once all have approved, it" : "Approving"} sends{" "}
            <strong className="numeric text-ink">{money}</strong> back to{" "}
            <strong className="text-ink">{recipient}</strong>. Once Stripe has it, it cannot be taken back.
          </p>
          {blockage && <Banner tone="waiting">{obstacles[blockage].sentence}</Banner>}
          <Field id={noteId} label="Note" hint="Needed when you reject: why. Whoever asked reads it.">
            <Textarea
              id={noteId}
              name="note"
              maxLength={2000}
              className="min-h-14"
              defaultValue={values?.note}
            />
          </Field>
          <div className="flex flex-wrap justify-end gap-2">
            <SubmitButton look="danger" name="decision" value="reject">
              Reject
            </SubmitButton>
            <SubmitButton look="primary" name="decision" value="approve">
              Approve {money}
            </SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}
