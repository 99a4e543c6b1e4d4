import type { AppView } from "@redress/core/apps/app-view";
import { listApps } from "@redress/core/apps/list-apps";
import { connectErrorSentence } from "@redress/core/connect/oauth-errors";
import { Plug, Plus } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { AddAppForm } from "../../../../components/apps/add-app-form.tsx";
import { AppCard } from "../../../../components/apps/app-card.tsx";
import { LiveRefresh } from "../../../../components/live-refresh.tsx";
import { Banner } from "../../../../components/ui/banner.tsx";
import { EmptyState, PageHeader } from "../../../../components/ui/page.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { allows, scopeOf } from "../../../../src/access/scope.ts";
import { readSearch, type SearchParams } from "../../../../src/http/search.ts";
import { unknownApp } from "../../../../src/rest/after-connect-error.ts";

export const metadata: Metadata = { title: "Integrations" };

const text = z.string().max(100).optional().catch(undefined);
/** What a journey to Stripe ended with: `finishConnect` of core names them. */
const resultSchema = z.object({ success: text, error: text, reason: text, app: text });
type Result = z.output<typeof resultSchema>;

export default async function IntegrationsPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, operator, scope } = await openPage("apps.read");
  const result = await readSearch(searchParams, resultSchema);
  const apps = await listApps(dependencies, { appIds: scope });
  const mayAdd = scopeOf(operator.grants, "apps.manage") === "all";
  return (
    <>
      {apps.some((app) => app.import.status === "running") && <LiveRefresh everyMs={2000} />}
      <PageHeader
        title="Integrations"
        description="Each app has its own Stripe account. It connects once; refunds then run on that account."
      />
      <ConnectResult result={result} apps={apps} />
      <div className="grid gap-4">
        {apps.map((app) => (
          <AppCard
            key={app.id}
            app={app}
            mode={dependencies.settings.mode}
            mayConnect={allows(operator.grants, "connections.manage", app.id)}
            mayManage={allows(operator.grants, "apps.manage", app.id)}
            mayStop={allows(operator.grants, "refunds.decide", app.id)}
          />
        ))}
        {apps.length === 0 && (
          <EmptyState icon={Plug} title="No apps yet">
            {mayAdd
              ? "Add the first app below, then connect it to its Stripe account."
              : "An administrator adds apps and connects them."}
          </EmptyState>
        )}
        {mayAdd && <AddApp open={apps.length === 0} />}
      </div>
    </>
  );
}

function ConnectResult({ result, apps }: { result: Result; apps: readonly AppView[] }) {
  const name = apps.find(({ slug }) => slug === result.app)?.name ?? "The app";
  if (result.success === "connected") {
    return (
      <Banner tone="good" className="mb-4" title={`${name} is connected.`}>
        Its purchases are being imported; you can search them while that goes on.
      </Banner>
    );
  }
  if (!result.error) return null;
  if (result.error === unknownApp) {
    return (
      <Banner tone="bad" className="mb-4" title="No app was connected.">
        There is no such app that you may connect. Choose one of these, or add it first.
      </Banner>
    );
  }
  return (
    <div data-connect-error={result.error} className="mb-4">
      <Banner tone={result.error === "denied" ? "waiting" : "bad"} title={`${name} was not connected.`}>
        {connectErrorSentence(result.error, result.reason)}
      </Banner>
    </div>
  );
}

function AddApp({ open }: { open: boolean }) {
  return (
    <details open={open} className="rounded-lg border border-dashed border-line-strong">
      <summary className="flex list-none items-center gap-2 px-4 py-3 text-sm font-medium text-ink-soft hover:text-ink [&::-webkit-details-marker]:hidden">
        <Plus aria-hidden className="size-4" /> Add an app
      </summary>
      <AddAppForm />
    </details>
  );
}
