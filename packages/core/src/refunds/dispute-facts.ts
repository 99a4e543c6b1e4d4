/** What a dispute says, whoever tells of it. */
export interface Dispute {
  readonly status: string;
  readonly is_charge_refundable: boolean;
}

/** What the disputes of a charge come to. */
export interface DisputeFacts {
  /** Stripe's status of the newest one. */
  readonly status: string;
  /** Whether one of them keeps Stripe from taking refunds of the charge. */
  readonly blocksRefunds: boolean;
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
  return { status: newest.status, blocksRefunds: [newest, ...older].some(blocks) };
}

/** The flag may stay false on a dispute that was closed in the merchant's favour. */
function blocks({ status, is_charge_refundable }: Dispute): boolean {
  return !is_charge_refundable && !harmless.has(status);
}
