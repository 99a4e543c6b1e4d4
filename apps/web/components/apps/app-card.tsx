import type { AppView } from "@redress/core/apps/app-view";
import type { Settings } from "@redress/core/dependencies";
import { formatMoney } from "@redress/core/money";
import { ChevronDown, CircleCheck, CircleDashed, LoaderCircle, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { writeRules } from "../../src/rest/approval-rules-text.ts";
import { CopyText } from "../copy-text.tsx";
import Link from "../link.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { When } from "../when.tsx";
import { ChangeAppForm, DisconnectForm, RotateSecretForm } from "./app-settings.tsx";
import { ConnectLink } from "./connect-link.tsx";
import { StopForm } from "./stop-switch.tsx";

/** One app: its link to Stripe, what was imported, and its settings. */
export function AppCard({
  app,
  mode,
  mayConnect,
  mayManage,
  mayStop,
}: {
  app: AppView;
  mode: Settings["mode"];
  mayConnect: boolean;
  mayManage: boolean;
  mayStop: boolean;
}) {
  const { connection } = app;
  return (
    <Card id={`app-${app.slug}`} data-app={app.slug} className="scroll-mt-6">
      <header className="flex flex-wrap items-center justify-between gap-3 px-4 py-3.5">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-2.5 text-base font-semibold">
            {app.name}
            <ConnectionMark connected={connection !== null} />
            {app.refundsStopped && <span className="text-xs font-medium text-bad">Refunds stopped</span>}
            {connection && <ModeMark mode={connection.livemode ? "live" : mode} />}
          </h2>
          <p className="font-mono text-xs text-ink-faint">{app.slug}</p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <Button asChild>
            <Link href={`/settings/integrations/${app.slug}`}>Set up</Link>
          </Button>
          {mayManage && (
            <>
              <Button asChild>
                <Link href={`/settings/integrations/${app.slug}/mail`}>Mail to customers</Link>
              </Button>
              <Button asChild>
                <Link href={`/settings/integrations/${app.slug}/developer`}>Link for its developer</Link>
              </Button>
            </>
          )}
          {!connection && mayConnect && <ConnectLink slug={app.slug} />}
        </div>
      </header>
      <dl className="grid gap-x-6 gap-y-3 border-t border-line px-4 py-3.5 text-sm sm:grid-cols-2 lg:grid-cols-3">
        <Connection app={app} />
        <Fact name="Approved without a person">{approvedWithoutPerson(app)}</Fact>
        <Fact name="Notifications">
          {app.notificationUrl ? (
            <span className="[overflow-wrap:anywhere]">{app.notificationUrl}</span>
          ) : (
            <span className="text-waiting">No address: the app is not told, and access stays</span>
          )}
        </Fact>
      </dl>
      {mayManage && (
        <Fold title="Settings">
          <ChangeAppForm
            slug={app.slug}
            values={{
              name: app.name,
              contactEmail: app.contactEmail ?? "",
              websiteUrl: app.websiteUrl ?? "",
              notificationUrl: app.notificationUrl ?? "",
              slackChannel: app.slackChannel ?? "",
              approvalRules: app.approvalRules && writeRules(app.approvalRules),
              revokeAccessOnPartialRefund: app.revokeAccessOnPartialRefund,
              refundApplicationFee: app.refundApplicationFee,
            }}
          />
          <hr className="border-line" />
          <RotateSecretForm slug={app.slug} />
        </Fold>
      )}
      {mayStop && app.refundsStopped === null && (
        <Fold title="Stop all refunds">
          <StopForm slug={app.slug} name={app.name} />
        </Fold>
      )}
      {connection && mayConnect && (
        <Fold title="Disconnect">
          <DisconnectForm slug={app.slug} name={app.name} accountId={connection.stripeAccountId} />
        </Fold>
      )}
    </Card>
  );
}

function approvedWithoutPerson({ approvalRules }: AppView): string {
  if (approvalRules === null) return "By the rules of its policy";
  return approvalRules.length > 0
    ? approvalRules.map((rule) => `up to ${formatMoney(rule)}`).join(", ")
    : "Nothing: a person decides each request";
}

const disconnectReasons: Readonly<Record<string, string>> = {
  operator: "Disconnected here",
  deauthorized_at_stripe: "Disconnected by the account’s owner in Stripe",
  access_lost: "Stripe no longer gives access to the account",
};

function Connection({ app }: { app: AppView }) {
  const { connection, disconnected } = app;
  if (!connection) {
    if (!disconnected) return <Fact name="Stripe account">Not connected yet</Fact>;
    return (
      <Fact name="Stripe account">
        <span className="text-waiting">{disconnectReasons[disconnected.reason] ?? "Disconnected"}</span>,{" "}
        <When at={disconnected.at} />
      </Fact>
    );
  }
  return (
    <>
      <Fact name="Stripe account">
        <CopyText text={connection.stripeAccountId} label="Stripe account id" />
      </Fact>
      <Fact name="Connected">
        <When at={connection.connectedAt} /> by {connection.connectedByName ?? "a former operator"}
      </Fact>
      <Fact name="Scope">{connection.scope}</Fact>
      <Fact name="Purchases">
        <Import state={app.import} />
      </Fact>
    </>
  );
}

function Import({ state }: { state: AppView["import"] }) {
  const count = new Intl.NumberFormat("en").format(state.importedCount);
  if (state.status === "running") {
    return (
      <span className="inline-flex items-center gap-1.5" role="status">
        <LoaderCircle aria-hidden className="size-3.5 text-moving motion-safe:animate-spin" />
        Importing, {count} so far ({Math.floor(state.progress * 100)}%)
      </span>
    );
  }
  if (state.status === "failed" || state.status === "stopped") {
    return (
      <span className="inline-flex items-start gap-1.5 text-bad">
        <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
        Import stopped after {count}: {state.error ?? "no reason was kept"}
      </span>
    );
  }
  return state.status === "done" ? `${count} imported; new ones arrive by themselves` : "Not imported yet";
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-faint">{name}</dt>
      <dd className="mt-0.5 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

function Fold({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="group border-t border-line">
      <summary className="flex list-none items-center gap-2 px-4 py-2.5 text-sm text-ink-soft hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronDown aria-hidden className="size-4 -rotate-90 transition-transform group-open:rotate-0" />
        {title}
      </summary>
      <div className="grid gap-4 px-4 pt-1 pb-4">{children}</div>
    </details>
  );
}

function ConnectionMark({ connected }: { connected: boolean }) {
  const Icon = connected ? CircleCheck : CircleDashed;
  return (
    <span
      className={`inline-flex items-center gap-1 text-xs font-medium ${connected ? "text-good" : "text-ink-faint"}`}
    >
      <Icon aria-hidden className="size-3.5" />
      {connected ? "Connected" : "Not connected"}
    </span>
  );
}

function ModeMark({ mode }: { mode: Settings["mode"] }) {
  const look = {
    live: "border-good/40 text-good",
    test: "border-waiting/40 text-waiting",
    sandbox: "border-sandbox/40 text-sandbox",
  }[mode];
  return (
    <span className={`rounded border px-1.5 text-2xs font-semibold tracking-wide uppercase ${look}`}>
      {mode}
    </span>
  );
}
