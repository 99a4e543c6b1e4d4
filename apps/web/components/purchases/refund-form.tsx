"use client";

import { formatMoney } from "@redress/core/money";
import type { Reason } from "@redress/core/policy/policy-document";
import type { ApplicationFeeView } from "@redress/core/refunds/application-fee";
import { useActionState, useState } from "react";
import { askForRefund, type RefundReview } from "../../app/(desk)/purchases/actions.ts";
import type { FormState } from "../../src/access/action.ts";
import { parseAmount, writeAmount } from "../../src/parse-amount.ts";
import { FormError } from "../form-error.tsx";
import { feeSentence } from "../refunds/fee-sentence.ts";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Input, Select, Textarea } from "../ui/field.tsx";

export interface RefundFormProps {
  readonly purchaseId: string;
  readonly amountLeft: number;
  readonly currency: string;
  /** Who gets the money, e.g. "Ada Lovelace (ada@example.com)". */
  readonly recipient: string;
  /** How, e.g. "Visa •••• 4242", where it is known. */
  readonly method: string | null;
  /** Whose Stripe account pays, e.g. "Total TypeScript". */
  readonly appName: string;
  /** Up to this amount the app's policy may approve; null: a person always decides. */
  readonly approvedUpTo: number | null;
  /** Those of the app. */
  readonly reasons: readonly Reason[];
  /** What the platform took of the payment, and what becomes of the refund's share of it. */
  readonly applicationFee: ApplicationFeeView | null;
  /** The reader is the only administrator, and may approve what they ask for. */
  readonly approvesOwn: boolean;
}

/** Fill in, read what will happen, confirm. Nothing is shown as done before the server has done it. */
export function RefundForm(props: RefundFormProps) {
  const [state, send] = useActionState(askForRefund, {});
  const review = state.result?.step === "confirm" ? state.result : null;
  return (
    <form action={send} className="grid gap-4 p-4">
      <input type="hidden" name="purchaseId" value={props.purchaseId} />
      <FormError error={state.error} />
      {review ? <ConfirmStep {...props} review={review} /> : <FillStep {...props} state={state} />}
    </form>
  );
}

function FillStep({
  amountLeft,
  currency,
  recipient,
  reasons,
  state,
}: RefundFormProps & { state: FormState<RefundReview> }) {
  const everything = writeAmount({ amount: amountLeft, currency });
  const typed = state.result ?? state.values;
  const [amount, setAmount] = useState(typed?.amount ?? everything);
  // What the server has just said of this amount is not said once more.
  const refused = state.error !== undefined && amount === state.values?.amount;
  return (
    <div className="grid gap-4">
      <div className="grid gap-4 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <Field id="amount" label="Amount">
          <div className="relative">
            <Input
              id="amount"
              name="amount"
              inputMode="decimal"
              autoComplete="off"
              required
              className="numeric pr-12"
              value={amount}
              onChange={(event) => setAmount(event.target.value)}
              aria-describedby="amount-outcome"
            />
            <span className="pointer-events-none absolute top-2 right-3 text-sm text-ink-faint uppercase">
              {currency}
            </span>
          </div>
        </Field>
        <Field id="reason" label="Reason">
          <Select id="reason" name="reason" defaultValue={typed?.reason ?? reasons[0]?.code}>
            {reasons.map(({ code, label }) => (
              <option key={code} value={code}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Field
        id="note"
        label="Note"
        optional
        hint="For colleagues and the record. The customer does not see it."
      >
        <Textarea
          id="note"
          name="note"
          maxLength={2000}
          defaultValue={typed?.note}
          aria-describedby="note-hint"
        />
      </Field>
      <div className="flex flex-col items-end gap-3 sm:flex-row sm:items-center">
        <p id="amount-outcome" aria-live="polite" className="numeric w-full flex-1 text-sm text-ink-soft">
          {!refused && (
            <Outcome amount={amount} amountLeft={amountLeft} currency={currency} recipient={recipient} />
          )}
        </p>
        <SubmitButton look="primary" name="step" value="review">
          Review refund
        </SubmitButton>
      </div>
    </div>
  );
}

/** What the customer will get, and what is left, while the amount is typed. */
function Outcome({
  amount,
  amountLeft,
  currency,
  recipient,
}: Pick<RefundFormProps, "amountLeft" | "currency" | "recipient"> & { amount: string }) {
  let units: number;
  try {
    units = parseAmount(amount, currency);
  } catch (error) {
    return <span className="text-bad">{error instanceof Error ? error.message : "Write an amount."}</span>;
  }
  const rest = amountLeft - units;
  if (rest < 0) {
    return (
      <span className="text-bad">
        Only {formatMoney({ amount: amountLeft, currency })} can still be refunded.
      </span>
    );
  }
  return (
    <>
      {recipient} gets <strong className="text-ink">{formatMoney({ amount: units, currency })}</strong>;{" "}
      {rest === 0
        ? "nothing is left to refund."
        : `${formatMoney({ amount: rest, currency })} stays refundable.`}
    </>
  );
}

function ConfirmStep({
  currency,
  recipient,
  method,
  appName,
  approvedUpTo,
  applicationFee,
  approvesOwn,
  reasons,
  review,
}: RefundFormProps & { review: RefundReview }) {
  const reason = reasons.find(({ code }) => code === review.reason);
  const money = formatMoney({ amount: review.minorUnits, currency });
  const byRule = approvedUpTo !== null && review.minorUnits <= approvedUpTo;
  return (
    <div className="grid gap-4">
      {(["amount", "reason", "note", "requestKey"] as const).map((name) => (
        <input key={name} type="hidden" name={name} value={review[name]} />
      ))}
      <div className="rounded-md border border-line bg-sunken px-4 py-3.5">
        <p className="text-lg">
          Refund <strong className="numeric">{money}</strong> to <strong>{recipient}</strong>
          {method && <> on {method}</>}?
        </p>
        <p className="mt-1 text-sm text-ink-soft">
          {reason?.label ?? review.reason}.{" "}
          {reason?.stripe === "fraudulent" &&
            "Stripe also blocks the card and the e-mail address from paying again. "}
          Paid from {appName}’s Stripe account. {applicationFee && `${feeSentence(applicationFee)} `}
          {byRule
            ? "The app’s policy may approve this at once; then it goes to Stripe and cannot be taken back."
            : approvesOwn
              ? "It waits until you approve it; then it goes to Stripe."
              : "A colleague must approve it before it goes to Stripe."}
        </p>
        {review.note && (
          <p className="mt-2 border-l-2 border-line-strong pl-3 text-sm whitespace-pre-wrap text-ink-soft">
            {review.note}
          </p>
        )}
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <SubmitButton name="step" value="change">
          Change
        </SubmitButton>
        <SubmitButton look="primary" name="step" value="confirm">
          Refund {money}
        </SubmitButton>
      </div>
    </div>
  );
}
