"use client";

import {
  attribute,
  comment,
  resend,
  supersede,
  takeBack,
  withdraw,
} from "../../app/(desk)/refunds/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { CopyText } from "../copy-text.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Textarea } from "../ui/field.tsx";

export function WithdrawForm({ refundId }: { refundId: string }) {
  return (
    <ActionForm action={withdraw}>
      <input type="hidden" name="refundId" value={refundId} />
      <SubmitButton size="small">Withdraw request</SubmitButton>
    </ActionForm>
  );
}

export function TakeBackForm({ refundId, back = "refund" }: { refundId: string; back?: "queue" | "refund" }) {
  return (
    <ActionForm action={takeBack}>
      <input type="hidden" name="refundId" value={refundId} />
      <input type="hidden" name="back" value={back} />
      <SubmitButton size="small">Take my approval back</SubmitButton>
    </ActionForm>
  );
}

export function CommentForm({ refundId }: { refundId: string }) {
  return (
    <ActionForm action={comment} className="grid gap-2 border-t border-line px-4 py-3">
      {({ values }) => (
        <>
          <input type="hidden" name="refundId" value={refundId} />
          <Field id="comment" label="Comment">
            <Textarea
              id="comment"
              name="text"
              required
              maxLength={2000}
              className="min-h-14"
              defaultValue={values?.text}
            />
          </Field>
          <div className="flex justify-end">
            <SubmitButton size="small">Comment</SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

/** For a refund whose retries stopped at an equal one of unknown origin: a person says whose it is. */
export function AttributeForm({ refundId, stripeRefundId }: { refundId: string; stripeRefundId: string }) {
  return (
    <ActionForm action={attribute} className="grid gap-3 p-4">
      <input type="hidden" name="refundId" value={refundId} />
      <input type="hidden" name="stripeRefundId" value={stripeRefundId} />
      <p className="text-sm text-ink-soft">
        Stripe has an equal refund of this charge, <CopyText text={stripeRefundId} label="Stripe refund id" />
        , and nothing says who made it. Look at it in Stripe: did this request make it, or did somebody else?
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <SubmitButton name="ours" value="no">
          Somebody else made it: send this one too
        </SubmitButton>
        <SubmitButton look="primary" name="ours" value="yes">
          It is this refund: send nothing more
        </SubmitButton>
      </div>
    </ActionForm>
  );
}

/** For a refund that Stripe answers with the same error for a day. */
export function SupersedeForm({ refundId }: { refundId: string }) {
  return (
    <ActionForm action={supersede} className="grid gap-3 p-4">
      <input type="hidden" name="refundId" value={refundId} />
      <p className="text-sm text-ink-soft">
        Stripe had an error, repeats it for a day, and has no such refund. Redress keeps asking and sends this
        one again tomorrow. You may instead approve a new one of the same amount now: this one is then never
        sent again.
      </p>
      <div className="flex justify-end">
        <SubmitButton>Approve a new one instead</SubmitButton>
      </div>
    </ActionForm>
  );
}

export function ResendForm({ refundId, notificationId }: { refundId: string; notificationId: string }) {
  return (
    <ActionForm action={resend} className="grid gap-2">
      <input type="hidden" name="refundId" value={refundId} />
      <input type="hidden" name="notificationId" value={notificationId} />
      <SubmitButton size="small">Tell the app again</SubmitButton>
    </ActionForm>
  );
}
