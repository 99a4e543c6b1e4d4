import { type AuditEntry, type Evidence, idOf, isReplacementOf, type RefundRow } from "./evidence.ts";

/** Invariant 3, of what was not paid: it was approved, so there has to be a cause, and not the desk's word alone. */
export function judgeCauses(evidence: Evidence): void {
  const { rows, log, world, told } = evidence;
  const ends = new Map<string, AuditEntry>();
  for (const entry of log) {
    if (entry.action.startsWith("notification") || entry.after?.status === undefined) continue;
    if (entry.refund_id !== null) ends.set(entry.refund_id, entry);
  }
  for (const row of rows) {
    const at = ends.get(row.id)?.at.getTime() ?? Number.POSITIVE_INFINITY;
    if (row.status === "refused" && !isRefusedForCause(evidence, row, at)) {
      told(3, `row ${row.id} is refused (${row.refused_code}), and Stripe never refused it`);
    }
    if (row.status === "superseded") judgeSuperseded(evidence, row, ends.get(row.id));
    if (row.status === "withdrawn" && !world.memory.withdrawals.has(row.id)) {
      told(3, `row ${row.id} is withdrawn, and nobody asked for that`);
    }
    if (hasRefundAtStripe.has(row.status) && row.stripe_refund_id === null) {
      told(3, `row ${row.id} is ${row.status}, and has no refund at Stripe`);
    }
  }
}

const hasRefundAtStripe: ReadonlySet<string> = new Set([
  "pending",
  "requires_action",
  "succeeded",
  "failed",
  "canceled",
]);

function isRefusedForCause(evidence: Evidence, row: RefundRow, atMs: number): boolean {
  const { ledger, made } = evidence;
  const { disputes = [] } = ledger.accounts[row.stripe_account_id] ?? {};
  switch (row.refused_code) {
    case "dispute_lost":
      return disputes.some(
        ({ charge, status }) => idOf(charge) === row.stripe_charge_id && status === "lost",
      );
    case "replaced_refund_found":
      return [...made.values()].some(
        (one) => one.atMs <= atMs && isReplacementOf(evidence, row.id, one.refundId),
      );
    default:
      return wasRefused(evidence, row) || isLacking(evidence, row, atMs);
  }
}

/** The statuses with which Stripe says no. 409 and 429 say "later", whatever else they say. */
const refusals: ReadonlySet<number> = new Set([400, 402, 403, 404]);

function wasRefused({ world }: Evidence, { id }: RefundRow): boolean {
  return world.stripe.sent.some(
    ({ refundId, reached }) =>
      refundId === id &&
      reached !== null &&
      refusals.has(reached.status) &&
      (reached.errorType === "invalid_request_error" || reached.errorType === "card_error"),
  );
}

/** Without a call: by Stripe's ledger, and what the desk had promised beside it, too little was left. */
function isLacking({ ledger, rows }: Evidence, row: RefundRow, atMs: number): boolean {
  const books = ledger.accounts[row.stripe_account_id];
  const charge = books?.charges.find(({ id }) => id === row.stripe_charge_id);
  if (books === undefined || charge === undefined) return false;
  const until = new Map(books.origins.map(({ refund, atMs: madeMs }) => [refund, madeMs]));
  const refunded = books.refunds
    .filter((refund) => idOf(refund.charge) === row.stripe_charge_id && (until.get(refund.id) ?? 0) <= atMs)
    .reduce((sum, { amount }) => sum + amount, 0);
  const promised = rows
    .filter((one) => one.stripe_charge_id === row.stripe_charge_id && one.id !== row.id)
    .filter(({ stripe_refund_id: id }) => id === null || (until.get(id) ?? 0) > atMs)
    .filter(({ requested_at }) => requested_at.getTime() <= atMs)
    .reduce((sum, { amount }) => sum + Number(amount), 0);
  return refunded > 0 && refunded + promised + Number(row.amount) > charge.amount_captured;
}

/** What was given up has one that took its place, or is the fact as which it settled. */
function judgeSuperseded(evidence: Evidence, row: RefundRow, entry: AuditEntry | undefined): void {
  const { rows, made, replaced, told } = evidence;
  const successors = [...replaced].filter(([, old]) => old === row.id).map(([newer]) => newer);
  const isReplaced = rows.some(({ id }) => successors.includes(id));
  const settledAs = rows.find(({ id }) => id === entry?.details.settledAs);
  const isSettled = made.get(settledAs?.stripe_refund_id ?? "")?.refundId === row.id;
  if (!isReplaced && !isSettled) {
    told(3, `row ${row.id} is superseded, and neither a replacement nor a refund of its own stands for it`);
  }
}
