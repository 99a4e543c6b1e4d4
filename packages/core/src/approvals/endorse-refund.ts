import { approvalEndorsements, type Transaction } from "@redress/database";
import { and, ne } from "drizzle-orm";
import { hashPersonal } from "../audit/hash-personal.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { readDeciderGrants } from "../operators/decider-grants.ts";
import { mayApprove } from "../operators/permissions.ts";
import type { Demand } from "../policy/judge-refund.ts";
import { updateProgress } from "../refunds/change-refund.ts";
import type { PurchaseRow, RefundRow } from "../refunds/refund-row.ts";
import { type DecisionInput, hasEndorsed } from "./open-decision.ts";
import { standingEndorsements } from "./standing-endorsements.ts";
import { tellOfEndorsement } from "./tell-of-change.ts";

type Endorsing = DecisionInput & {
  readonly purchase: PurchaseRow;
  readonly refund: RefundRow;
  readonly demand: Demand;
};

/**
 * Whether a person's approval is not enough yet; it is kept as an endorsement then. Counted are different persons
 * who may still approve, as the policy wants now: whose role was taken since does not count.
 *
 * @throws RedressError `own_request`, where no setting helps: a desk with one person cannot be two
 */
export async function needsMore(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  input: Endorsing,
): Promise<boolean> {
  const { refund, demand, operatorId } = input;
  if (demand.approversNeeded === 1) return false;
  if (refund.requestedByOwner === operatorId) {
    throw new RedressError(
      "own_request",
      `You, or an agent whose key is yours, asked for this refund. It takes ${demand.approversNeeded} other people to approve it.`,
    );
  }
  // The trigger of the approval counts up to this, so it has to be what is wanted now.
  if (demand.approversNeeded > refund.approversNeeded) {
    const { approversNeeded } = demand;
    await updateProgress(dependencies, transaction, refund, { approversNeeded });
  }
  const others = await countOthers(transaction, input);
  if (others + 1 >= demand.approversNeeded) return false;
  if (await hasEndorsed(transaction, refund, operatorId)) return true;
  await insertEndorsement(dependencies, transaction, input, demand.approversNeeded - others - 1);
  return true;
}

async function countOthers(
  transaction: Transaction,
  { refund, demand, operatorId }: Endorsing,
): Promise<number> {
  const others = await transaction
    .select({ operatorId: approvalEndorsements.operatorId })
    .from(approvalEndorsements)
    .where(and(standingEndorsements(refund), ne(approvalEndorsements.operatorId, operatorId)));
  let count = 0;
  for (const other of others) {
    const grants = await readDeciderGrants({ database: transaction }, other.operatorId);
    if (mayApprove(grants, { appId: refund.appId, approverRole: demand.approverRole })) count += 1;
  }
  return count;
}

async function insertEndorsement(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  { refund, purchase, operatorId, note, via, correlationId }: Endorsing,
  stillNeeded: number,
): Promise<void> {
  const { id: refundId, appId, purchaseId, amount, currency, requestedByOwner, asking } = refund;
  const id = newId(dependencies.random, "endorsement");
  await transaction.insert(approvalEndorsements).values({
    id,
    refundId,
    purchaseId,
    amount,
    currency,
    requestedByOwner,
    asking,
    operatorId,
    note: note ?? null,
    endorsedAt: dependencies.clock.now(),
  });
  const noteHash = note === undefined ? {} : { noteHash: hashPersonal(purchase.personalSalt, note) };
  await recordAudit(dependencies, transaction, {
    actor: { kind: "operator", id: operatorId },
    action: "refund_endorsed",
    correlationId,
    appId,
    purchaseId,
    refundId,
    details: { endorsementId: id, stillNeeded, ...noteHash, ...(via === undefined ? {} : { via }) },
  });
  await tellOfEndorsement(dependencies, transaction, refundId);
}
