import type { PurchaseSummary } from "@redress/core/purchases/purchase-view";
import { Money } from "../money.tsx";

/** How much of the payment is back, reserved, and left: a bar with its legend. */
export function MoneyBar({ purchase }: { purchase: PurchaseSummary }) {
  const { amountCaptured, amountLeft, amountRefunded, currency } = purchase;
  const parts = [
    { label: "Refunded", amount: amountRefunded, mark: "bg-good" },
    {
      label: "On its way or reserved",
      amount: Math.max(0, amountCaptured - amountLeft - amountRefunded),
      mark: "bg-moving/70",
    },
    { label: "Left to refund", amount: amountLeft, mark: "bg-line-strong" },
  ];
  return (
    <div>
      <div className="flex h-2 gap-0.5 overflow-hidden rounded-full" aria-hidden>
        {parts
          .filter(({ amount }) => amount > 0)
          .map(({ label, amount, mark }) => (
            <span key={label} className={mark} style={{ flexGrow: amount, flexBasis: 0 }} />
          ))}
      </div>
      <dl className="mt-3 grid grid-cols-1 gap-x-6 gap-y-1.5 text-sm sm:grid-cols-3">
        {parts.map(({ label, amount, mark }) => (
          <div key={label} className="flex items-center gap-2 sm:flex-col sm:items-start sm:gap-0.5">
            <dt className="flex flex-1 items-center gap-2 text-ink-soft">
              <span aria-hidden className={`size-2 rounded-full ${mark}`} />
              {label}
            </dt>
            <dd>
              <Money amount={amount} currency={currency} className="font-medium" />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
