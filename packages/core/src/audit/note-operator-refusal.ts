import { operatorRefusals } from "@redress/database";
import { lte } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { isRedressError } from "../errors.ts";
import { recordAudit } from "./record.ts";

/** Who keeps trying is written down once in this time, for each reason. */
const quietMs = 60 * 60 * 1000;

/** What was tried in vain, and matters: what one may not do, one's own request, what is another app's. */
const notedCodes = new Set<string>([
  "permission_denied",
  "own_request",
  "app_not_found",
  "purchase_not_found",
  "refund_not_found",
  "event_not_found",
  "dead_letter_not_found",
  "proposal_not_found",
  "key_not_found",
]);

/**
 * Writes into the audit log that a signed-in person tried a change that was refused; other errors are nobody's
 * attempt. Once an hour for each person, permission and code, so that the log cannot be flooded.
 */
export async function noteOperatorRefusal(
  dependencies: Pick<Dependencies, "database" | "clock" | "origin">,
  attempt: { operatorId: string; permission: string; error: unknown; correlationId: string },
): Promise<void> {
  const { operatorId, permission, error, correlationId } = attempt;
  if (!isRedressError(error) || !notedCodes.has(error.code)) return;
  const notedAt = dependencies.clock.now();
  await dependencies.database.transaction(async (transaction) => {
    const [noted] = await transaction
      .insert(operatorRefusals)
      .values({ operatorId, why: `${error.code}:${permission}`, notedAt })
      .onConflictDoUpdate({
        target: [operatorRefusals.operatorId, operatorRefusals.why],
        set: { notedAt },
        setWhere: lte(operatorRefusals.notedAt, new Date(notedAt.getTime() - quietMs)),
      })
      .returning({ operatorId: operatorRefusals.operatorId });
    if (!noted) return;
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "operator_refused",
      correlationId,
      details: { why: error.code, permission },
    });
  });
}
