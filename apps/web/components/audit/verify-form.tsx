"use client";

import { breakSentences } from "@redress/core/audit/break-sentences";
import type { AuditVerification } from "@redress/core/audit/verify-audit";
import { ShieldCheck } from "lucide-react";
import { verify } from "../../app/(desk)/audit/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";

/** A button that proves the log, and what came of it. */
export function VerifyForm() {
  return (
    <ActionForm action={verify} className="mb-4 grid gap-3">
      {({ result }) => (
        <>
          {result && <Verdict verification={result} />}
          <div>
            <SubmitButton>
              <ShieldCheck aria-hidden /> Verify the log
            </SubmitButton>
          </div>
        </>
      )}
    </ActionForm>
  );
}

function Verdict({ verification }: { verification: AuditVerification }) {
  const { valid, sealed, unsealed, head, firstBroken } = verification;
  if (valid) {
    return (
      <div data-audit="valid">
        <Banner tone="good" title={`The log is whole: ${sealed} entries are sealed as they were written.`}>
          {unsealed > 0 && <p>{unsealed} newer ones wait for their seal.</p>}
          <p className="font-mono text-xs">
            Head {head.number}: {head.hash}
          </p>
        </Banner>
      </div>
    );
  }
  return (
    <div data-audit="broken">
      <Banner tone="bad" title={`The log was tampered with at seal ${firstBroken?.number ?? "?"}.`}>
        {firstBroken &&
          `Entry ${firstBroken.auditLogId ?? "unknown"}: ${breakSentences[firstBroken.reason]}. `}
        Compare it with a backup, and find out who had access to the database.
      </Banner>
    </div>
  );
}
