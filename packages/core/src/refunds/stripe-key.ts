/** Stripe may forget a key 24 hours after its first use (Stripe: idempotent requests). */
export const keyLifeMs = 24 * 60 * 60 * 1000;
/** From here on a key counts as possibly forgotten: an hour for clocks and queues. */
export const safeKeyLifeMs = keyLifeMs - 60 * 60 * 1000;
