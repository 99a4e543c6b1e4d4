import type { approvals, refundMovements, refunds } from "@redress/database";
import type { CsvValue } from "../csv-cell.ts";
import { decimalOf } from "../money.ts";

/** A movement with all that an accountant asks about it. */
export interface Movement {
  readonly movement: typeof refundMovements.$inferSelect;
  readonly refund: typeof refunds.$inferSelect;
  /** The slug. */
  readonly app: string;
  readonly product: string | null;
  readonly orderNumber: string | null;
  readonly requester: string | null;
  readonly decidedAt: Date | null;
  readonly decidedByKind: (typeof approvals.$inferSelect)["decidedByKind"] | null;
  readonly decider: string | null;
  readonly endorsers: string | null;
}

interface Column {
  readonly name: string;
  readonly of: (row: Movement) => CsvValue;
}

/** The columns in their order. New ones are added at the end, so that what reads the file goes on reading it. */
export const exportColumns: readonly Column[] = [
  { name: "kind", of: ({ movement }) => movement.kind },
  { name: "booked_at", of: ({ movement }) => movement.bookedAt },
  { name: "app", of: ({ app }) => app },
  { name: "refund_id", of: ({ refund }) => refund.id },
  { name: "stripe_account_id", of: ({ refund }) => refund.stripeAccountId },
  { name: "stripe_refund_id", of: ({ refund }) => refund.stripeRefundId },
  { name: "stripe_charge_id", of: ({ refund }) => refund.stripeChargeId },
  { name: "stripe_balance_transaction_id", of: ({ movement }) => movement.stripeBalanceTransactionId },
  { name: "status", of: ({ refund }) => refund.status },
  { name: "currency", of: ({ movement }) => movement.currency },
  ...money("amount", (row) => signedAmount(row), "refund"),
  { name: "balance_currency", of: ({ movement }) => movement.settledCurrency },
  ...money("balance_amount", ({ movement }) => movement.settledAmount, "balance"),
  ...money("fee", ({ movement }) => movement.fee, "balance"),
  ...money("application_fee_refunded", ({ movement }) => movement.applicationFeeRefunded, "balance"),
  ...money("net", ({ movement }) => movement.net, "balance"),
  { name: "available_on", of: ({ movement }) => movement.availableOn },
  { name: "product", of: ({ product }) => product },
  { name: "order_number", of: ({ orderNumber }) => orderNumber },
  { name: "reason", of: ({ refund }) => refund.reason },
  { name: "failure_reason", of: ({ refund }) => refund.failureReason },
  { name: "origin", of: ({ refund }) => refund.origin },
  { name: "requested_at", of: ({ refund }) => refund.requestedAt },
  { name: "requested_by", of: requestedBy },
  { name: "decided_at", of: ({ decidedAt }) => decidedAt },
  { name: "decided_by", of: decidedBy },
];

/** An amount twice: in the smallest unit, which is exact for programs, and as a decimal, which is read by people. */
function money(name: string, of: (row: Movement) => number | null, owner: "refund" | "balance"): Column[] {
  const currencyOf = ({ movement }: Movement) =>
    owner === "refund" ? movement.currency : movement.settledCurrency;
  return [
    { name: `${name}_minor`, of },
    {
      name,
      of: (row) => {
        const [amount, currency] = [of(row), currencyOf(row)];
        return amount === null || currency === null ? null : decimalOf({ amount, currency });
      },
    },
  ];
}

/** Below zero when it left the balance. */
function signedAmount({ movement, refund }: Movement): number {
  return movement.kind === "refund" ? -refund.amount : refund.amount;
}

function requestedBy({ refund, requester }: Movement): string {
  return refund.origin === "stripe" ? "Stripe Dashboard" : (requester ?? refund.requestedById);
}

function decidedBy({ decidedByKind, decider, endorsers }: Movement): string | null {
  if (decidedByKind === null) return null;
  if (decidedByKind === "policy") return "policy";
  return [endorsers, decider].filter((name) => name !== null).join("; ");
}
