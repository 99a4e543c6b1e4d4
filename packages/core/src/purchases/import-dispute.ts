import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type DisputeFacts, disputeFacts, isClosed } from "../refunds/dispute-facts.ts";
import { noteDispute } from "../refunds/note-dispute.ts";
import { lockPurchaseOfCharge } from "../refunds/refund-row.ts";

export interface DisputedCharge {
  readonly chargeId: string;
  readonly dispute: DisputeFacts | "none";
}

/** What became of the disputes of a charge that has had one: its own webhook may have come while nobody listened. */
export async function readDisputedCharge(
  { stripe }: Pick<Dependencies, "stripe">,
  { accountId, chargeId }: { accountId: string; chargeId: string },
): Promise<DisputedCharge> {
  const { data } = await stripe.disputes.list({ charge: chargeId, limit: 100 }, { stripeAccount: accountId });
  const [newest, ...older] = data;
  return { chargeId, dispute: newest ? disputeFacts([newest, ...older]) : "none" };
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
