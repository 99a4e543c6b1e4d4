import type { purchases } from "@redress/database";

/** What an app is told to make true. `keep`: there is nothing to change, and there never was. */
export type AccessDecision = "revoke" | "restore" | "keep";
type Access = (typeof purchases.$inferSelect)["access"];

/**
 * The whole decision about access after a refund succeeded or failed, from all of the purchase's refunds
 * and not from this one alone: a message replaces every earlier one, which may never have arrived.
 *
 * @param facts.refunded sum of the succeeded refunds, this one counted, in minor units
 * @param facts.access what the app was last told, and what it answered
 */
export function decideAccess(facts: {
  type: "refund.succeeded" | "refund.failed";
  captured: number;
  refunded: number;
  revokeOnPartial: boolean;
  access: Access;
}): { decision: AccessDecision; access: Access } {
  const revokedBefore = facts.access === "revoke_told" || facts.access === "revoked";
  const revoke =
    facts.refunded >= facts.captured ||
    (facts.refunded > 0 && facts.revokeOnPartial) ||
    // One more success never gives access back, even when the app's setting was changed in between.
    (facts.type === "refund.succeeded" && revokedBefore);
  if (revoke) {
    return { decision: "revoke", access: facts.access === "revoked" ? "revoked" : "revoke_told" };
  }
  if (facts.access === "granted") return { decision: "keep", access: "granted" };
  return { decision: "restore", access: "restore_told" };
}
