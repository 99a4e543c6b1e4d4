import type { AuditEntry, Evidence } from "./evidence.ts";

const atStripe: ReadonlySet<unknown> = new Set([
  "pending",
  "requires_action",
  "succeeded",
  "failed",
  "canceled",
]);

/**
 * Invariant 5: no order or repetition of messages makes the desk live through what never happened. The
 * statuses a row went through are those of Stripe, in Stripe's order, some left out.
 */
export function judgeLives({ rows, log, lives, told }: Evidence): void {
  for (const row of rows) {
    if (row.stripe_refund_id === null) continue;
    const lived = log.filter((entry) => entry.refund_id === row.id).flatMap(stripeStatus);
    const life = lives.get(row.stripe_refund_id) ?? [];
    if (isWithin(lived, life)) continue;
    const here = lived.join(" → ");
    told(5, `row ${row.id} went ${here}, and ${row.stripe_refund_id} only ${life.join(" → ")}`);
  }
}

function stripeStatus({ action, after }: AuditEntry): string[] {
  const status = after?.status;
  if (action.startsWith("notification") || typeof status !== "string" || !atStripe.has(status)) return [];
  return [status];
}

function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  let place = 0;
  for (const status of part) {
    place = whole.indexOf(status, place) + 1;
    if (place === 0) return false;
  }
  return true;
}
