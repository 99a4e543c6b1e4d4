import type { Dependencies } from "../dependencies.ts";
import { closeProposal } from "./close-proposal.ts";
import { lockProposal, proposalClosed } from "./proposal-row.ts";

/**
 * A person decided against the refund. Dismissing twice changes nothing.
 *
 * @throws RedressError `proposal_not_found`, or `proposal_closed` when it was accepted or has lapsed
 */
export async function dismissProposal(
  dependencies: Pick<Dependencies, "database" | "clock">,
  input: { proposalId: string; operatorId: string; correlationId: string },
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const locked = await lockProposal(transaction, input.proposalId);
    const { status } = locked.proposal;
    if (status === "dismissed") return;
    if (status !== "open") throw proposalClosed(locked.proposal);
    const actor = { kind: "operator", id: input.operatorId } as const;
    const { correlationId } = input;
    await closeProposal(dependencies, transaction, { ...locked, to: "dismissed", actor, correlationId });
  });
}
