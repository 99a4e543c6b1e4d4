import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type DisputeFacts, isClosed } from "../refunds/dispute-facts.ts";
import { noteDispute } from "../refunds/note-dispute.ts";
import { lockPurchaseOfCharge } from "../refunds/refund-row.ts";

/** A charge that has had a dispute, and what became of it: its own webhook may have come while nobody listened. */
export interface DisputedCharge {
  readonly chargeId: string;
  readonly dispute: DisputeFacts | "none";
}

/** Writes it to the purchase, unless a webhook has told of its end meanwhile. */
export async function importDispute(
  dependencies: Dependencies,
  input: DisputedCharge & { accountId: string; actor: Actor; correlationId: string },
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const purchase = await lockPurchaseOfCharge(transaction, input);
    if (!purchase || isClosed(purchase.disputeStatus)) return;
    await noteDispute(dependencies, transaction, { ...input, purchase });
  });
}
