import type { Ledger } from "@redress/stripe-sandbox";
import type { SentRefund } from "../sent-refunds.ts";
import type { World } from "../world.ts";

/** A refund at Stripe that a call of the desk made. */
export interface Made {
  readonly id: string;
  readonly account: string;
  readonly charge: string;
  /** For which row, and under which approval: of the call itself. */
  readonly refundId: string;
  readonly approvalId: string;
  readonly key: string;
  readonly requestId: string;
  /** When the call left the desk, came to Stripe, and had its effect. */
  readonly sentMs: number;
  readonly arrivedMs: number;
  readonly atMs: number;
}

/**
 * Whose a refund is. The truth is Stripe's own: the idempotency key of the request that made it, held against
 * the calls that left the desk. Metadata proves nothing, since merchants strip, copy and edit it. So:
 *
 * - About money the judge is strict: what counts as paid for a row is what calls under its keys made, whatever
 *   metadata says now, and wherever the desk files it.
 * - Where it is filed is strict too: a refund that a row's call made stands as that row, or as the row as
 *   which it settled (`settledAs`). The one exception is a copy: an equal refund of the merchant's that
 *   carried the row's metadata, was made after the row's first call left (less five minutes, as clocks
 *   differ), and got it before any answer told the desk its own. It may be filed as ours, and ours as made
 *   elsewhere: nothing that the desk can read tells the two apart.
 */
export function readMade(ledger: Ledger, sent: readonly SentRefund[]): Map<string, Made> {
  const made = new Map<string, Made>();
  for (const [account, { origins, refunds }] of Object.entries(ledger.accounts)) {
    for (const { refund: id, requestId, idempotencyKey, atMs } of origins) {
      if (requestId === null || idempotencyKey === null) continue;
      // Where Stripe itself cut the connection, nobody on the way read the id of the request.
      const call =
        sent.find(({ reached }) => reached?.requestId === requestId) ??
        sent.find(
          ({ reached, ...cut }) => reached === null && cut.key === idempotencyKey && cut.account === account,
        );
      if (call === undefined) continue;
      const charge = String(refunds.find((refund) => refund.id === id)?.charge);
      const { refundId, approvalId, atMs: sentMs } = call;
      const times = { sentMs, arrivedMs: call.reached?.atMs ?? atMs, atMs };
      made.set(id, { id, account, charge, refundId, approvalId, key: idempotencyKey, requestId, ...times });
    }
  }
  return made;
}

const keyLifeMs = 24 * 3_600_000;
/** A call goes on under the lease of the look-up before it. */
const leaseMs = 60_000;

/**
 * Whether two payments for one request are Stripe's own doing. Only where the earlier call was answered with
 * a 500 and took effect late; where the later one was rightly sent, since it is of the refund that replaced
 * the first, or Stripe had forgotten the key; and where nothing could tell the desk: the effect came when the
 * later call had left already, or after the look-up under whose lease it left.
 */
export function isStripesDoing(
  world: World,
  one: Made,
  other: Made,
  isReplacement: (newer: Made, older: Made) => boolean,
): Made | null {
  const [older, newer] = one.sentMs <= other.sentMs ? [one, other] : [other, one];
  const isLate = older.atMs > older.arrivedMs;
  const isForgotten = older.refundId === newer.refundId && newer.sentMs - older.arrivedMs >= keyLifeMs;
  if (!isLate || !(isForgotten || isReplacement(newer, older))) return null;
  const hadLeft = newer.sentMs <= older.atMs;
  return hadLeft || hasJustLooked(world, newer, older) ? older : null;
}

/** A look-up right before the call found nothing, since the effect came in between. */
function hasJustLooked({ stripe }: World, newer: Made, older: Made): boolean {
  return stripe.lookUps.some(
    ({ account, charge, atMs }) =>
      account === newer.account &&
      charge === newer.charge &&
      atMs >= newer.sentMs - leaseMs &&
      atMs <= Math.min(newer.sentMs, older.atMs),
  );
}
