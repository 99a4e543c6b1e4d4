"use client";

import { formatMoney } from "@redress/core/money";
import type { Reason } from "@redress/core/policy/policy-document";
import type { ApplicationFeeView } from "@redress/core/refunds/application-fee";
import { useEffect, useRef } from "react";
import type { RefundReview } from "../../app/(desk)/purchases/actions.ts";
import { feeSentence } from "../refunds/fee-sentence.ts";
import { SubmitButton } from "../submit-button.tsx";
import { toneText, verdictSentence } from "./verdict-sentence.ts";

/** What the refund form knows of its purchase. */
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
  /** What the customer paid; a percentage is of this. */
  readonly amountPaid: number;
  /** Those of the app. */
  readonly reasons: readonly Reason[];
  /** What the platform took of the payment, and what becomes of the refund's share of it. */
  readonly applicationFee: ApplicationFeeView | null;
  /** The reader is the only administrator, and may approve what they ask for. */
  readonly approvesOwn: boolean;
}

/** What was filled in as a question, before it is asked for: it names recipient and amount. */
export function RefundQuestion({
  currency,
  recipient,
  method,
  appName,
  applicationFee,
  approvesOwn,
  reasons,
  review,
}: RefundFormProps & { review: RefundReview }) {
  const reason = reasons.find(({ code }) => code === review.reason);
  const money = formatMoney({ amount: review.minorUnits, currency });
  const verdict = review.foreseen && verdictSentence(review.foreseen);
  const question = useRef<HTMLFieldSetElement>(null);
  // The button that was pressed is gone; the next key belongs to the question.
  useEffect(() => question.current?.focus(), []);
  return (
    <div className="grid gap-4">
      {(["amount", "reason", "note", "ticketUrl", "requestKey"] as const).map((name) => (
        <input key={name} type="hidden" name={name} value={review[name]} />
      ))}
      <fieldset
        ref={question}
        aria-labelledby="refund-question"
        tabIndex={-1}
        className="rounded-md border border-line bg-sunken px-4 py-3.5"
      >
        <p id="refund-question" className="text-lg">
          Refund <strong className="numeric">{money}</strong> to <strong>{recipient}</strong>
          {method && <> on {method}</>}?
        </p>
        <p className="mt-1 text-sm text-ink-soft">
          {reason?.label ?? review.reason}.{" "}
          {reason?.stripe === "fraudulent" &&
            "Stripe also blocks the card and the e-mail address from paying again. "}
          Paid from {appName}’s Stripe account. {applicationFee && feeSentence(applicationFee)}
        </p>
        {verdict && (
          <p className="mt-1 text-sm text-ink-soft">
            <strong className={`font-medium ${toneText[verdict.tone]}`}>{verdict.text}</strong>{" "}
            {verdict.asks && whatFollows(review, approvesOwn)}
          </p>
        )}
        {review.note && (
          <p className="mt-2 border-l-2 border-line-strong pl-3 text-sm whitespace-pre-wrap text-ink-soft">
            {review.note}
          </p>
        )}
        {review.ticketUrl && (
          <p className="mt-2 text-sm [overflow-wrap:anywhere] text-ink-soft">Ticket: {review.ticketUrl}</p>
        )}
      </fieldset>
      <div className="flex flex-row-reverse flex-wrap gap-2">
        {verdict?.asks && (
          <SubmitButton look="primary" name="step" value="confirm">
            Refund {money}
          </SubmitButton>
        )}
        <SubmitButton name="step" value="change">
          Change
        </SubmitButton>
      </div>
    </div>
  );
}

function whatFollows({ foreseen }: RefundReview, approvesOwn: boolean): string {
  if (foreseen?.verdict === "allow") return "It goes to Stripe at once and cannot be taken back.";
  return approvesOwn
    ? "It waits until you approve it; then it goes to Stripe."
    : "It waits for a colleague; then it goes to Stripe.";
}
