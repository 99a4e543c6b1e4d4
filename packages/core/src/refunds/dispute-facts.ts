/** What a dispute says, whoever tells of it. */
export interface Dispute {
  readonly status: string;
  readonly is_charge_refundable: boolean;
  readonly evidence_details?: { readonly due_by?: number | null | undefined } | null | undefined;
}

/** What the disputes of a charge come to. */
export interface DisputeFacts {
  /** Stripe's status of the newest one. */
  readonly status: string;
  /** Whether one of them keeps Stripe from taking refunds of the charge. */
  readonly blocksRefunds: boolean;
  /** Until when the first of those that want evidence takes it; null: none wants any, or Stripe names no day. */
  readonly dueAt: Date | null;
}

/** Closed in the merchant's favour: Stripe takes refunds again. */
const harmless: ReadonlySet<string> = new Set(["won", "warning_closed", "prevented"]);

/** Nothing that comes later opens it again. */
export const closedStatuses: ReadonlySet<string> = new Set(["lost", ...harmless]);

export function isClosed(status: string | null): boolean {
  return closedStatuses.has(status ?? "");
}

/** @param disputes of one charge, newest first */
export function disputeFacts([newest, ...older]: readonly [Dispute, ...Dispute[]]): DisputeFacts {
  const all = [newest, ...older];
  const dues = all.flatMap((dispute) => dueOf(dispute) ?? []);
  return {
    status: newest.status,
    blocksRefunds: all.some(blocks),
    dueAt: dues.length === 0 ? null : new Date(Math.min(...dues) * 1000),
  };
}

/** Stripe goes on naming the day once evidence was sent; then there is nothing to do by it any more. */
function dueOf({ status, evidence_details: evidence }: Dispute): number | null {
  return status.endsWith("needs_response") ? (evidence?.due_by ?? null) : null;
}

/** The flag may stay false on a dispute that was closed in the merchant's favour. */
function blocks({ status, is_charge_refundable }: Dispute): boolean {
  return !is_charge_refundable && !harmless.has(status);
}
