import { liveRefundStatuses } from "@redress/database";
import { type Evidence, firstOf, isDead, push, stripeRefunds } from "./evidence.ts";

/** Invariant 1: one request, at most one refund, under one key; never more than was captured. */
export function judgeOnce(evidence: Evidence): void {
  judgeRefundsMade(evidence);
  judgeRequests(evidence);
  judgeCharges(evidence);
  judgeKeys(evidence);
  judgeReservations(evidence);
}

function judgeRefundsMade(evidence: Evidence): void {
  const { ledger, told } = evidence;
  const byRefund = new Map<string, string[]>();
  const byRequest = new Map<string, string[]>();
  const byApproval = new Map<string, string[]>();
  for (const { refund } of stripeRefunds(ledger)) {
    const { redress_refund_id: refundId, redress_approval_id: approvalId } = refund.metadata ?? {};
    if (refundId === undefined) continue;
    push(byRefund, refundId, refund.id);
    push(byRequest, firstOf(evidence, refundId), `${refund.id} for ${refundId}`);
    push(byApproval, approvalId ?? "", refund.id);
  }
  for (const [id, made] of byRefund) {
    if (made.length > 1) told(1, `Stripe made ${made.length} refunds for ${id}: ${made.join(", ")}`);
  }
  for (const [id, made] of byRequest) {
    if (made.length > 1 && new Set(made.map((one) => one.split(" for ")[1])).size > 1) {
      told(1, `Stripe paid ${id} and its replacement: ${made.join(", ")}`);
    }
  }
  for (const [id, made] of byApproval) {
    if (made.length > 1)
      told(1, `Stripe made ${made.length} refunds under approval ${id}: ${made.join(", ")}`);
  }
}

/** One request key, one refund: in the rows, and in what people were answered. */
function judgeRequests({ world, rows, told }: Evidence): void {
  const byKey = new Map<string, string[]>();
  for (const { request_key, id } of rows) if (request_key !== null) push(byKey, request_key, id);
  for (const [key, { accepted }] of world.memory.requests) {
    for (const id of accepted.keys()) if (!byKey.get(key)?.includes(id)) push(byKey, key, id);
  }
  for (const [key, ids] of byKey) {
    if (ids.length > 1) told(1, `one request (${key}) became ${ids.length} refunds: ${ids.join(", ")}`);
  }
}

function judgeCharges({ ledger, told }: Evidence): void {
  for (const [account, { charges, refunds }] of Object.entries(ledger.accounts)) {
    for (const charge of charges) {
      const live = refunds.filter((refund) => refund.charge === charge.id && !isDead(refund));
      const sum = live.reduce((total, { amount }) => total + amount, 0);
      if (sum > charge.amount_captured) {
        told(1, `${charge.id} of ${account}: ${sum} of ${charge.amount_captured} was refunded`);
      }
    }
  }
}

/** What left the desk: one key for one approval, the same bytes under it, and nothing after the end. */
function judgeKeys({ world, told }: Evidence): void {
  const keys = new Map<string, Set<string | null>>();
  const requests = new Map<string | null, Set<string>>();
  for (const { refundId, approvalId, key, account, body, atMs } of world.stripe.sent) {
    keys.set(approvalId, (keys.get(approvalId) ?? new Set()).add(key));
    requests.set(key, (requests.get(key) ?? new Set()).add(`${account} ${body}`));
    const over = world.memory.superseded.get(refundId);
    if (over && atMs > over.atMs)
      told(1, `${refundId} was sent to Stripe after ${over.successor} replaced it`);
  }
  for (const [approvalId, used] of keys) {
    if (used.size > 1) told(1, `approval ${approvalId} was sent under ${used.size} keys`);
  }
  for (const [key, sent] of requests) {
    if (sent.size > 1) told(1, `${sent.size} different requests were sent under the key ${key}`);
  }
}

const live: ReadonlySet<unknown> = new Set(liveRefundStatuses);

/** Played again from the log: no request was let in for more than what Stripe captured and nothing held. */
function judgeReservations({ ledger, purchases, log, told }: Evidence): void {
  const charges = Object.values(ledger.accounts).flatMap((books) => books.charges);
  const captured = new Map(charges.map(({ id, amount_captured }) => [id, amount_captured]));
  const chargeOf = new Map([...purchases.values()].map((row) => [row.id, row.stripe_charge_id]));
  const amounts = new Map<string, number>();
  const holding = new Map<string, Set<string>>();
  for (const { action, purchase_id, refund_id, after, details } of log) {
    if (purchase_id === null || refund_id === null || after?.status === undefined) continue;
    if (action.startsWith("notification")) continue;
    if (typeof details.amount === "number") amounts.set(refund_id, details.amount);
    const held = holding.get(purchase_id) ?? new Set<string>();
    holding.set(purchase_id, held);
    if (live.has(after.status)) held.add(refund_id);
    else held.delete(refund_id);
    if (action !== "refund_requested") continue;
    const sum = [...held].reduce((total, id) => total + (amounts.get(id) ?? 0), 0);
    const most = captured.get(chargeOf.get(purchase_id) ?? "") ?? 0;
    if (sum > most) {
      const others = [...held].filter((id) => id !== refund_id).join(", ");
      told(1, `${refund_id} was let in beside ${others}: they hold ${sum} of ${most} of ${purchase_id}`);
    }
  }
}
