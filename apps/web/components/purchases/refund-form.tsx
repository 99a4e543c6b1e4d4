"use client";

import { formatMoney } from "@redress/core/money";
import { useEffect, useRef, useState } from "react";
import { askForRefund, type RefundReview } from "../../app/(desk)/purchases/actions.ts";
import type { FormState } from "../../src/access/action.ts";
import { parseAmountOrShare, writeAmount } from "../../src/parse-amount.ts";
import { FormError } from "../form-error.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Input, Select, Textarea } from "../ui/field.tsx";
import { useFormAction } from "../use-form-action.ts";
import { type RefundFormProps, RefundQuestion } from "./refund-question.tsx";
import { type LiveVerdict, useVerdict } from "./use-verdict.ts";
import { toneText, verdictSentence } from "./verdict-sentence.ts";

/** Fill in, read what will happen, confirm. Nothing is shown as done before the server has done it. */
export function RefundForm(props: RefundFormProps) {
  const { state, send, form } = useFormAction(askForRefund);
  const review = state.result?.step === "confirm" ? state.result : null;
  return (
    <form ref={form} action={send} className="grid gap-4 p-4">
      <input type="hidden" name="purchaseId" value={props.purchaseId} />
      <FormError error={state.error} />
      {review ? <RefundQuestion {...props} review={review} /> : <FillStep {...props} state={state} />}
    </form>
  );
}

function FillStep({
  purchaseId,
  amountPaid,
  amountLeft,
  currency,
  recipient,
  reasons,
  state,
}: RefundFormProps & { state: FormState<RefundReview> }) {
  const everything = writeAmount({ amount: amountLeft, currency });
  const typed = state.result ?? state.values;
  const [amount, setAmount] = useState(typed?.amount ?? everything);
  const [reason, setReason] = useState(typed?.reason ?? reasons[0]?.code ?? "");
  // What the server has just said of this amount is not said once more.
  const refused = state.error !== undefined && amount === state.values?.amount;
  const amountField = useRef<HTMLInputElement>(null);
  const isChanging = state.result?.step === "fill";
  useEffect(() => {
    if (isChanging) amountField.current?.select();
  }, [isChanging]);
  const read = readTyped(amount, { amountPaid, amountLeft, currency });
  const verdict = useVerdict(purchaseId, refused ? null : read.units, currency, reason);
  const sentKey = state.error && state.values?.requestKey;
  return (
    <div className="grid gap-4">
      {sentKey && <input type="hidden" name="requestKey" value={sentKey} />}
      <div className="grid gap-4 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <Field id="amount" label="Amount" hint="Or a part of the price: 50%.">
          <div className="relative">
            <Input
              id="amount"
              name="amount"
              ref={amountField}
              inputMode="decimal"
              autoComplete="off"
              required
              className="numeric pr-12"
              value={amount}
              onChange={(event) => setAmount(event.target.value)}
              aria-describedby="amount-hint amount-outcome"
            />
            <span className="pointer-events-none absolute top-2 right-3 text-sm text-ink-faint uppercase">
              {currency}
            </span>
          </div>
        </Field>
        <Field id="reason" label="Reason">
          <Select
            id="reason"
            name="reason"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          >
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
      <Field id="ticketUrl" label="Ticket" optional>
        <Input
          id="ticketUrl"
          name="ticketUrl"
          type="url"
          maxLength={500}
          placeholder="https://"
          defaultValue={typed?.ticketUrl}
        />
      </Field>
      <div className="flex flex-col items-end gap-3 sm:flex-row sm:items-center">
        <div id="amount-outcome" aria-live="polite" className="numeric w-full flex-1 text-sm text-ink-soft">
          {!refused && (
            <>
              <p>
                {read.units === null ? (
                  <span className="text-bad">{read.problem}</span>
                ) : (
                  <Outcome units={read.units} {...{ amountLeft, currency, recipient }} />
                )}
              </p>
              <VerdictLine verdict={verdict} />
            </>
          )}
        </div>
        <SubmitButton look="primary" name="step" value="review">
          Review refund
        </SubmitButton>
      </div>
    </div>
  );
}

type Typed = { readonly units: number } | { readonly units: null; readonly problem: string };

/** The amount that was typed, in minor units, or why it is none that can be returned. */
function readTyped(
  text: string,
  { amountPaid, amountLeft, currency }: Pick<RefundFormProps, "amountPaid" | "amountLeft" | "currency">,
): Typed {
  try {
    const units = parseAmountOrShare(text, { of: amountPaid, currency });
    if (units <= amountLeft) return { units };
    const left = formatMoney({ amount: amountLeft, currency });
    return { units: null, problem: `Only ${left} can still be refunded.` };
  } catch (error) {
    return { units: null, problem: error instanceof Error ? error.message : "Write an amount." };
  }
}

/** What the customer will get, and what is left, while the amount is typed. */
function Outcome({
  units,
  amountLeft,
  currency,
  recipient,
}: Pick<RefundFormProps, "amountLeft" | "currency" | "recipient"> & { units: number }) {
  const rest = amountLeft - units;
  return (
    <>
      {recipient} gets <strong className="text-ink">{formatMoney({ amount: units, currency })}</strong>;{" "}
      {rest === 0
        ? "nothing is left to refund."
        : `${formatMoney({ amount: rest, currency })} stays refundable.`}
    </>
  );
}

/** What the policy says of it now; the line is kept free while it is asked, so that nothing jumps. */
function VerdictLine({ verdict }: { verdict: LiveVerdict }) {
  if (verdict.state === "refused") return <p className="min-h-5 text-bad">{verdict.message}</p>;
  if (verdict.state !== "judged") return <p className="min-h-5" />;
  const { tone, text } = verdictSentence(verdict.foreseen);
  return <p className={`min-h-5 ${toneText[tone]}`}>{text}</p>;
}
