"use client";

import { decideProposal } from "../../app/(desk)/purchases/proposal-actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";

/** @param aboutId names what the buttons are about, for those who hear them alone */
export function ProposalForm({ proposalId, aboutId }: { proposalId: string; aboutId: string }) {
  return (
    <ActionForm action={decideProposal} className="grid gap-2">
      <input type="hidden" name="proposalId" value={proposalId} />
      <div className="flex flex-wrap gap-2">
        <SubmitButton look="primary" size="small" name="decision" value="ask" aria-describedby={aboutId}>
          Ask for this refund
        </SubmitButton>
        <SubmitButton size="small" name="decision" value="dismiss" aria-describedby={aboutId}>
          Dismiss
        </SubmitButton>
      </div>
    </ActionForm>
  );
}
