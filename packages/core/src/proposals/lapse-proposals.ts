import { purchases, refundProposals, refunds } from "@redress/database";
import { and, asc, eq, notInArray, or, sql } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { stripeActor } from "../refunds/confirm-refund.ts";
import { closedStatuses } from "../refunds/dispute-facts.ts";
import { closeProposal } from "./close-proposal.ts";
import { lockProposal, whyNothingToPropose } from "./proposal-row.ts";

type LapseDependencies = Pick<Dependencies, "database" | "clock">;
const mostAtOnce = 200;

/** Stripe says that a warning no longer asks for anything: its open proposal, if there is one, lapses. */
export async function lapseProposalOfWarning(
  dependencies: LapseDependencies,
  input: { purchaseId: string; stripeWarningId: string; correlationId: string },
): Promise<void> {
  const [found] = await dependencies.database
    .select({ id: refundProposals.id })
    .from(refundProposals)
    .where(
      and(
        eq(refundProposals.purchaseId, input.purchaseId),
        eq(refundProposals.stripeWarningId, input.stripeWarningId),
      ),
    );
  if (!found) return;
  await dependencies.database.transaction(async (transaction) => {
    const locked = await lockProposal(transaction, found.id);
    if (locked.proposal.status !== "open") return;
    await closeProposal(dependencies, transaction, {
      ...locked,
      to: "lapsed",
      actor: stripeActor,
      correlationId: input.correlationId,
      details: { why: "not_actionable" },
    });
  });
}

/**
 * Lapses open proposals of purchases that were refunded or disputed meanwhile, whichever way that became
 * known: Stripe's own word on the warning may be late or lost.
 */
export async function lapseProposals(
  dependencies: LapseDependencies,
  input: { correlationId: string },
): Promise<void> {
  const { database } = dependencies;
  const atStripe = sql`(select coalesce(sum(${refunds.amount}), 0) from ${refunds}
    where ${refunds.purchaseId} = ${purchases.id}
      and ${refunds.status} in ('pending', 'requires_action', 'succeeded'))`;
  const { disputeStatus, refundsBlockedByDispute, amountCaptured } = purchases;
  // As `whyNothingToPropose` says: whatever else was found would be locked in vain, and keep others waiting.
  const over = or(
    refundsBlockedByDispute,
    notInArray(disputeStatus, [...closedStatuses]),
    sql`${atStripe} >= ${amountCaptured}`,
  );
  const suspects = await database
    .select({ id: refundProposals.id })
    .from(refundProposals)
    .innerJoin(purchases, eq(purchases.id, refundProposals.purchaseId))
    .where(and(eq(refundProposals.status, "open"), over))
    .orderBy(asc(refundProposals.createdAt), asc(refundProposals.id))
    .limit(mostAtOnce);
  for (const { id } of suspects) await lapseWhereOver(dependencies, id, input.correlationId);
}

/** Lapses a proposal if there is nothing left to propose. */
export async function lapseWhereOver(
  dependencies: LapseDependencies,
  proposalId: string,
  correlationId: string,
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const locked = await lockProposal(transaction, proposalId);
    if (locked.proposal.status !== "open") return;
    const why = await whyNothingToPropose(transaction, locked.purchase);
    if (why === null) return;
    await closeProposal(dependencies, transaction, {
      ...locked,
      to: "lapsed",
      actor: systemActor("proposals"),
      correlationId,
      details: { why },
    });
  });
}
