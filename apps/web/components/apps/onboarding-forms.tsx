"use client";

import { importHistory, ping, testRefund } from "../../app/(desk)/settings/integrations/actions.ts";
import { ActionForm } from "../action-form.tsx";
import Link from "../link.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";

/** What a step needs is started here; what came of it is said beside it. */
export function PingForm({ slug }: { slug: string }) {
  return (
    <ActionForm action={ping} className="grid justify-items-start gap-2">
      {({ result }) => (
        <>
          <input type="hidden" name="slug" value={slug} />
          {result && (
            <Banner tone={result.ok ? "good" : "bad"}>
              {result.message ?? `The app took a signed message and answered ${result.httpStatus}.`}{" "}
              <Link href={`/deliveries/${result.notificationId}`}>Request and answer</Link>
            </Banner>
          )}
          <SubmitButton size="small">Send a ping</SubmitButton>
        </>
      )}
    </ActionForm>
  );
}

export function TestRefundForm({ slug }: { slug: string }) {
  return (
    <ActionForm action={testRefund} className="grid justify-items-start gap-2">
      {({ result }) => (
        <>
          <input type="hidden" name="slug" value={slug} />
          {result && (
            <Banner tone="good">
              The test card was charged and its refund asked for.{" "}
              <Link href={`/refunds/${result.refundId}`}>Follow it</Link>
            </Banner>
          )}
          <SubmitButton size="small">Make a test refund</SubmitButton>
        </>
      )}
    </ActionForm>
  );
}

export function ImportForm({ slug }: { slug: string }) {
  return (
    <ActionForm action={importHistory} className="grid justify-items-start gap-2">
      <input type="hidden" name="slug" value={slug} />
      <SubmitButton size="small">Import the history again</SubmitButton>
    </ActionForm>
  );
}
