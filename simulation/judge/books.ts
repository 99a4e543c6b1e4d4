import { type Evidence, idOf, type RefundRow, type StripeRefund, stripeRefunds } from "./evidence.ts";

/** Invariant 3: once faults stop, the rows are what Stripe has, and nothing stands still. */
export function judgeBooks(evidence: Evidence): void {
  const { ledger, rows, reachable, told } = evidence;
  for (const { account, refund } of stripeRefunds(ledger)) {
    if (reachable.has(account)) judgeRefund(evidence, refund);
  }
  for (const row of rows) {
    const refund = ledger.accounts[row.stripe_account_id]?.refunds.find(
      ({ id }) => id === row.stripe_refund_id,
    );
    if (row.stripe_refund_id !== null && idOf(refund?.charge) !== row.stripe_charge_id) {
      told(3, `row ${row.id} has ${row.stripe_refund_id}, which Stripe does not have on its charge`);
    }
    if (reachable.has(row.stripe_account_id)) judgeRest(evidence, row);
  }
  judgePurchases(evidence);
}

function judgeRefund(evidence: Evidence, refund: StripeRefund): void {
  const { rows, purchases, made, told } = evidence;
  const chargeId = idOf(refund.charge);
  if (!purchases.has(chargeId)) {
    told(3, `${refund.id} is of ${chargeId}, which the desk does not know`);
    return;
  }
  const found = rows.filter(({ stripe_refund_id }) => stripe_refund_id === refund.id);
  const [row] = found;
  if (row === undefined || found.length > 1) {
    const ours = made.get(refund.id)?.refundId;
    told(3, `${refund.id} (${refund.status}, ${ours ?? "made elsewhere"}) has ${found.length} rows`);
    return;
  }
  if (row.status !== refund.status) {
    told(3, `${refund.id} is ${refund.status} at Stripe, and ${row.status} in row ${row.id}`);
  }
  const here = `${row.amount} ${row.currency} ${row.failure_reason}`;
  const there = `${refund.amount} ${refund.currency} ${refund.failure_reason ?? null}`;
  if (here !== there) told(3, `${refund.id} is "${there}" at Stripe, and "${here}" in row ${row.id}`);
  judgeFiling(evidence, refund, row);
}

/** Whose a refund is, by the rule of `made.ts`. */
function judgeFiling(evidence: Evidence, refund: StripeRefund, row: RefundRow): void {
  const { rows, made, log, told } = evidence;
  const call = made.get(refund.id);
  const named = rows.find(({ id }) => id === call?.refundId);
  const settledAs = log.find(
    ({ refund_id, action }) => refund_id === named?.id && action === "refund_superseded",
  )?.details.settledAs;
  if (named && named.id !== row.id && settledAs !== row.id && !isCopyFiled(evidence, named)) {
    told(3, `${refund.id} was made for ${named.id}, which is ${named.status}; it stands as ${row.id}`);
  }
  if (row.origin === "redress" && call?.refundId !== row.id && !isCopyFiled(evidence, row)) {
    told(3, `row ${row.id} has ${refund.id}, which no call for it made`);
  }
}

/** Clocks of two companies differ, and the desk allows for it. */
const clockSkewMs = 5 * 60_000;

/** Whether the row has a copy that nothing the desk can read tells from its own. */
function isCopyFiled(
  { world, ledger, rows }: Evidence,
  { id, stripe_refund_id, amount }: RefundRow,
): boolean {
  const copy = world.memory.copies.find(
    ({ refundId, stripeRefundId }) => refundId === id && stripeRefundId === stripe_refund_id,
  );
  if (copy === undefined || rows.every((row) => row.id !== id)) return false;
  const { refunds = [], origins = [] } = ledger.accounts[copy.account] ?? {};
  const equal = refunds.find((refund) => refund.id === stripe_refund_id)?.amount === Number(amount);
  const madeMs = origins.find(({ refund }) => refund === stripe_refund_id)?.atMs ?? 0;
  const calls = world.stripe.sent.filter(({ refundId }) => refundId === id);
  const firstMs = Math.min(...calls.map(({ atMs }) => atMs));
  return equal && madeMs >= firstMs - clockSkewMs;
}

/** Nothing that could go on stands still. */
function judgeRest(evidence: Evidence, row: RefundRow): void {
  const { told } = evidence;
  if (row.status === "requested" || row.status === "approved" || row.status === "executing") {
    told(3, `row ${row.id} is ${row.status} at rest (outcome unknown: ${row.outcome_unknown})`);
  }
  if (row.status === "blocked" && !isDisputed(evidence, row.stripe_charge_id)) {
    told(3, `row ${row.id} is blocked (${row.blocked_code}) at rest, and nothing is in its way`);
  }
}

function isDisputed({ ledger }: Evidence, chargeId: string): boolean {
  return Object.values(ledger.accounts)
    .flatMap(({ disputes }) => disputes)
    .some((dispute) => idOf(dispute.charge) === chargeId && !dispute.is_charge_refundable);
}

/** What support sees of a purchase is what Stripe has. */
function judgePurchases(evidence: Evidence): void {
  const { ledger, reachable, purchases, told } = evidence;
  for (const [account, { charges }] of Object.entries(ledger.accounts)) {
    for (const { id, amount_captured } of charges) {
      const purchase = purchases.get(id);
      if (!reachable.has(account) || purchase === undefined) continue;
      if (Number(purchase.amount_captured) !== amount_captured) {
        told(3, `${id} is of ${amount_captured}, and ${purchase.amount_captured} here`);
      }
      const isBlocked = isDisputed(evidence, id) && purchase.dispute_status !== "lost";
      if (purchase.refunds_blocked_by_dispute !== isBlocked && purchase.dispute_status !== "lost") {
        told(3, `${id} is ${isBlocked ? "" : "not "}disputed at Stripe, and the desk says otherwise`);
      }
    }
  }
}
