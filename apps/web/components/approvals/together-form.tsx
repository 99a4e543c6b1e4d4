"use client";

import { formatMoney } from "@redress/core/money";
import { useState } from "react";
import { approveTogether } from "../../app/(desk)/approvals/actions.ts";
import { ActionForm } from "../action-form.tsx";
import Link from "../link.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Field, Input } from "../ui/field.tsx";

interface OpenRequest {
  readonly id: string;
  readonly customer: string;
  readonly product: string | null;
  readonly note: string | null;
  readonly requester: string;
  readonly amount: number;
}

/** Several requests with one verdict: each can be left out, and the button says how many and how much. */
export function TogetherForm({ currency, requests }: { currency: string; requests: readonly OpenRequest[] }) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  // The page follows what happens; what comes later was never read, and is not slipped under the button.
  const [read] = useState<ReadonlySet<string>>(() => new Set(requests.map(({ id }) => id)));
  const shown = requests.filter(({ id }) => read.has(id));
  const came = requests.length - shown.length;
  const chosen = shown.filter(({ id }) => !left.has(id));
  const total = formatMoney({ amount: chosen.reduce((sum, { amount }) => sum + amount, 0), currency });
  const toggle = (id: string) => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  return (
    <ActionForm action={approveTogether} className="grid gap-4">
      <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface shadow-(--shadow)">
        {shown.map(({ id, customer, product, note, requester, amount }) => (
          <li key={id} className="flex items-start gap-3 px-4 py-2.5 text-sm has-checked:bg-accent-tint/40">
            <input
              id={`choose-${id}`}
              type="checkbox"
              name={`refund:${id}`}
              defaultChecked
              onChange={() => toggle(id)}
              className="mt-0.5 size-4 shrink-0 accent-(--accent)"
            />
            <label htmlFor={`choose-${id}`} className="min-w-0 flex-1">
              <span className="block truncate font-medium">{customer}</span>
              <span className="block truncate text-xs text-ink-faint">
                {[product, `${requester} asked`].filter(Boolean).join(" · ")}
              </span>
              {note && <span className="mt-0.5 block text-ink-soft [overflow-wrap:anywhere]">{note}</span>}
            </label>
            <Link href={`/refunds/${id}`} className="text-xs text-accent underline underline-offset-2">
              Request
            </Link>
            <span className="numeric w-24 text-right font-semibold">{formatMoney({ amount, currency })}</span>
          </li>
        ))}
      </ul>
      {came > 0 && (
        <p className="text-sm text-ink-soft" role="status">
          {came === 1 ? "One more has come since." : `${came} more have come since.`} Reload the page to
          decide with them.
        </p>
      )}
      <Field id="together-note" label="Note" optional hint="Stays with each of them.">
        <Input id="together-note" name="note" maxLength={2000} aria-describedby="together-note-hint" />
      </Field>
      <div className="flex flex-wrap items-center justify-end gap-3">
        <p className="text-sm text-ink-soft">
          Approving sends the money back to these customers. Once Stripe has it, it cannot be taken back.
        </p>
        <SubmitButton look="primary" disabled={chosen.length === 0}>
          Approve {chosen.length === 1 ? "1 refund" : `${chosen.length} refunds`}, {total}
        </SubmitButton>
      </div>
    </ActionForm>
  );
}
