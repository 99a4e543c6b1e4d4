import { listEmbedKeys } from "@redress/core/embed/embed-key-view";
import { LifeBuoy } from "lucide-react";
import type { Metadata } from "next";
import { Text } from "../../../../components/deliveries/attempt-card.tsx";
import { EmbedKeyRow } from "../../../../components/helpdesk/embed-key-row.tsx";
import { MakeEmbedKeyForm } from "../../../../components/helpdesk/helpdesk-forms.tsx";
import { Card, CardTitle } from "../../../../components/ui/card.tsx";
import { EmptyState, PageHeader } from "../../../../components/ui/page.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { signingSnippet } from "../../../../src/embed/signing-snippet.ts";

export const metadata: Metadata = { title: "Helpdesk panel" };

/** What helpdesks sign with, to show a customer's purchases beside a ticket. */
export default async function HelpdeskPage() {
  const { dependencies } = await openPage("keys.manage", "desk");
  const keys = await listEmbedKeys(dependencies);
  const { publicUrl } = dependencies.settings;
  return (
    <>
      <PageHeader
        title="Helpdesk panel"
        description="A page for the side of a ticket: the customer’s purchases with what the policy says of a refund, and a button that asks for it as the person who looks. It approves nothing."
      />
      {keys.length === 0 ? (
        <EmptyState icon={LifeBuoy} title="No helpdesk yet">
          Make a key below for each helpdesk that is to show the panel.
        </EmptyState>
      ) : (
        <ul
          aria-label="Keys of helpdesks"
          className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface shadow-(--shadow)"
        >
          {keys.map((key) => (
            <EmbedKeyRow key={key.id} embedKey={key} />
          ))}
        </ul>
      )}
      <MakeEmbedKeyForm open={keys.length === 0} />
      <Card className="mt-4">
        <CardTitle>Signing, on the helpdesk’s server</CardTitle>
        <div className="px-4 pt-2 pb-4 text-sm text-ink-soft">
          <p>
            The secret never goes into a browser. <code>desk</code> is {publicUrl}, <code>operator</code> the
            e-mail address of who looks, as they have it here.
          </p>
          <Text text={signingSnippet} />
        </div>
      </Card>
    </>
  );
}
