"use client";

import { decideList, steerList } from "../../app/(desk)/bulk-refunds/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Textarea } from "../ui/field.tsx";

/** Says what an approval does, then lets a person decide exactly the list that is shown. */
export function BulkDecisionForm({
  bulkRefundId,
  listHash,
  count,
  total,
  missing,
}: {
  bulkRefundId: string;
  listHash: string;
  count: number;
  /** "€4,900.00 and £30.00". */
  total: string;
  /** How many people it still takes. */
  missing: number;
}) {
  const refunds = count === 1 ? "1 refund" : `${count.toLocaleString("en")} refunds`;
  return (
    <ActionForm action={decideList} className="grid gap-3">
      {({ values }) => (
        <>
          <input type="hidden" name="bulkRefundId" value={bulkRefundId} />
          <input type="hidden" name="listHash" value={listHash} />
          <p className="text-sm text-ink-soft">
            {missing > 1 ? `Once ${missing} people have approved, this` : "Approving"} sends{" "}
            <strong className="numeric text-ink">{total}</strong> back in{" "}
            <strong className="numeric text-ink">{refunds}</strong>: exactly the lines below that say “To
            refund”. What Stripe has cannot be taken back.
          </p>
          <Field id="decision-note" label="Note" hint="Needed when you reject: why. Whoever asked reads it.">
            <Textarea
              id="decision-note"
              name="note"
              maxLength={2000}
              className="min-h-14"
              aria-describedby="decision-note-hint"
              defaultValue={values?.note}
            />
          </Field>
          <div className="flex flex-wrap justify-end gap-2">
            <SubmitButton look="danger" name="decision" value="reject">
              Reject
            </SubmitButton>
            <SubmitButton look="primary" name="decision" value="approve">
              Approve {refunds}
            </SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

/** Pause, go on, give up the rest. */
export function BulkSteering({ bulkRefundId, steps }: { bulkRefundId: string; steps: readonly Step[] }) {
  return (
    <ActionForm action={steerList} className="flex flex-wrap gap-2">
      <input type="hidden" name="bulkRefundId" value={bulkRefundId} />
      {steps.map((step) => (
        <SubmitButton key={step} name="step" value={step} look={step === "cancel" ? "danger" : "plain"}>
          {labels[step]}
        </SubmitButton>
      ))}
    </ActionForm>
  );
}

export type Step = "pause" | "resume" | "cancel";
const labels: Readonly<Record<Step, string>> = {
  pause: "Pause",
  resume: "Go on",
  cancel: "Cancel the rest",
};
