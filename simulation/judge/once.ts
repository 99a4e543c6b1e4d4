import { listOpenAlerts } from "@redress/core/list-open-alerts";
import { liveRefundStatuses } from "@redress/database";
import { type Evidence, firstOf, isDead, isReplacementOf, push, stripeRefunds } from "./evidence.ts";
import { isStripesDoing, type Made } from "./made.ts";

/** Invariant 1: one request, at most one refund, under one key; never more than was captured. */
export function judgeOnce(evidence: Evidence): void {
  judgeRefundsMade(evidence);
  judgeRequests(evidence);
  judgeCharges(evidence);
  judgeKeys(evidence);
  judgeReservations(evidence);
}

function judgeRefundsMade(evidence: Evidence): void {
  const { made, told } = evidence;
  const all = [...made.values()].toSorted((one, other) => one.sentMs - other.sentMs);
  for (const [place, newer] of all.entries()) {
    for (const older of all.slice(0, place)) {
      if (firstOf(evidence, older.refundId) !== firstOf(evidence, newer.refundId)) continue;
      const late = stripesDoing(evidence, older, newer);
      if (late !== null) continue;
      const both = `${older.id}, ${newer.id}`;
      if (older.refundId !== newer.refundId) {
        told(1, `Stripe paid ${older.refundId} and its replacement ${newer.refundId}: ${both}`);
      } else {
        told(1, `Stripe made 2 refunds for ${newer.refundId}: ${both}`);
      }
      if (older.approvalId === newer.approvalId) {
        told(1, `Stripe made 2 refunds under approval ${newer.approvalId}: ${both}`);
      }
    }
  }
}

/** The one of two payments that came late, where nobody but Stripe could have kept them one. */
function stripesDoing(evidence: Evidence, older: Made, newer: Made): Made | null {
  const { world, log } = evidence;
  const late = isStripesDoing(world, older, newer, (one, other) =>
    isReplacementOf(evidence, one.refundId, other.refundId),
  );
  if (late === null) return null;
  const known = log.findIndex(
    ({ refund_id, action }) => refund_id === late.refundId && action === "refund_confirmed",
  );
  const begun = log.findIndex(
    ({ refund_id, action }) => refund_id === newer.refundId && action === "refund_executing",
  );
  // It was in the books before the other was begun.
  return late.refundId !== newer.refundId && known !== -1 && known < begun ? null : late;
}

/** What came twice by no fault of the desk is not kept quiet: while both stand, somebody is to look. */
export async function judgeTwice(evidence: Evidence): Promise<void> {
  const { world, ledger, rows, made, reachable, told } = evidence;
  const alive = new Set(stripeRefunds(ledger).flatMap(({ refund }) => (isDead(refund) ? [] : [refund.id])));
  const paid = [...made.values()].filter(({ id, account }) => alive.has(id) && reachable.has(account));
  const late = paid.filter(({ id, refundId, atMs, arrivedMs }) =>
    paid.some(
      (other) => other.id !== id && atMs > arrivedMs && isReplacementOf(evidence, other.refundId, refundId),
    ),
  );
  if (late.length === 0) return;
  const clock = { now: () => new Date(world.scheduler.nowMs) };
  const alerts = await listOpenAlerts({ database: world.database.plain, clock }, { appIds: "all" });
  for (const { id, refundId } of late) {
    const row = rows.find(({ stripe_refund_id }) => stripe_refund_id === id);
    if (row?.id !== refundId) continue;
    const isOpen = alerts.some(({ kind, refund }) => kind === "paid_twice_perhaps" && refund.id === refundId);
    if (!isOpen) told(3, `${refundId} and its replacement are paid (${id}), and no alert is open`);
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
