import { formatMoney } from "@redress/core/money";

/** An amount in minor units with its currency, formatted for people. */
export function Money({
  amount,
  currency,
  className = "",
}: {
  amount: number;
  currency: string;
  className?: string;
}) {
  return (
    <span className={`numeric whitespace-nowrap ${className}`}>{formatMoney({ amount, currency })}</span>
  );
}
