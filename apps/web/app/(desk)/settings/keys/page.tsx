import { listApps } from "@redress/core/apps/list-apps";
import { type KeyView, listKeys } from "@redress/core/keys/key-view";
import { KeyRound } from "lucide-react";
import type { Metadata } from "next";
import { CreateKeyForm } from "../../../../components/keys/create-key-form.tsx";
import { KeyRow } from "../../../../components/keys/key-row.tsx";
import { EmptyState, PageHeader } from "../../../../components/ui/page.tsx";
import { openPage } from "../../../../src/access/page.ts";

export const metadata: Metadata = { title: "API keys" };

export default async function KeysPage() {
  const { dependencies, operator } = await openPage("keys.manage", "desk");
  const [keys, apps] = await Promise.all([listKeys(dependencies), listApps(dependencies, { appIds: "all" })]);
  const working = keys.filter(({ status }) => status === "active");
  const ended = keys.filter(({ status }) => status !== "active");
  return (
    <>
      <PageHeader
        title="API keys"
        description="What programs and agents sign in with. A key asks for refunds in the name of who made it; it never approves, and never reaches further than that person."
      />
      {keys.length === 0 && (
        <EmptyState icon={KeyRound} title="No keys yet">
          Make one below for each program that is to look at purchases or ask for refunds.
        </EmptyState>
      )}
      <KeyList keys={working} label="Keys that work" operatorId={operator.id} />
      <CreateKeyForm open={working.length === 0} apps={apps.map(({ slug, name }) => ({ slug, name }))} />
      {ended.length > 0 && (
        <section className="mt-6">
          <h2 className="mb-2 text-sm font-medium text-ink-soft">Expired and revoked</h2>
          <KeyList keys={ended} label="Keys that ended" operatorId={operator.id} />
        </section>
      )}
    </>
  );
}

function KeyList({
  keys,
  label,
  operatorId,
}: {
  keys: readonly KeyView[];
  label: string;
  operatorId: string;
}) {
  if (keys.length === 0) return null;
  return (
    <ul
      aria-label={label}
      className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface shadow-(--shadow)"
    >
      {keys.map((key) => (
        <KeyRow key={key.id} apiKey={key} isOwn={key.owner.id === operatorId} />
      ))}
    </ul>
  );
}
