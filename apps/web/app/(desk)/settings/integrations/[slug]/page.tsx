import type { StepName } from "@redress/core/onboarding/onboarding-steps";
import type { StripeAccount } from "@redress/core/onboarding/read-account";
import { type Onboarding, readOnboarding } from "@redress/core/onboarding/read-onboarding";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { ConnectLink } from "../../../../../components/apps/connect-link.tsx";
import { ImportForm, PingForm, TestRefundForm } from "../../../../../components/apps/onboarding-forms.tsx";
import { OnboardingSteps } from "../../../../../components/apps/onboarding-steps.tsx";
import { BackLink } from "../../../../../components/back-link.tsx";
import { CopyText } from "../../../../../components/copy-text.tsx";
import Link from "../../../../../components/link.tsx";
import { LiveRefresh } from "../../../../../components/live-refresh.tsx";
import { Banner } from "../../../../../components/ui/banner.tsx";
import { Properties, Property } from "../../../../../components/ui/card.tsx";
import { PageHeader } from "../../../../../components/ui/page.tsx";
import { When } from "../../../../../components/when.tsx";
import { openPage } from "../../../../../src/access/page.ts";
import { allows } from "../../../../../src/access/scope.ts";

export const metadata: Metadata = { title: "Set up an app" };

/** One app on its way to a first refund: how far it has come, what stands in the way, and what to do. */
export default async function SetUpPage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const { dependencies, operator } = await openPage("apps.read", { app: () => slug });
  const onboarding = await readOnboarding(dependencies, { slug });
  const { app, steps } = onboarding;
  const may = {
    connect: allows(operator.grants, "connections.manage", app.id),
    manage: allows(operator.grants, "apps.manage", app.id),
  };
  return (
    <>
      {steps.some(({ state }) => state === "moving") && <LiveRefresh everyMs={3000} />}
      <BackLink href={`/settings/integrations#app-${app.slug}`}>Integrations</BackLink>
      <PageHeader
        title={`Set up ${app.name}`}
        description="From the account's consent to a refund that went all the way. Nothing here moves a customer's money."
      />
      <Accounts onboarding={onboarding} />
      <OnboardingSteps steps={steps} more={moreOf(onboarding, may)} />
    </>
  );
}

/** What a change of the account would meet. */
function Accounts({ onboarding: { app, inFlight, formerAccounts } }: { onboarding: Onboarding }) {
  const open = inFlight.waiting + inFlight.executing + inFlight.atStripe + inFlight.blocked;
  return (
    <div className="mb-3 grid gap-3 empty:hidden">
      {formerAccounts.length > 0 && (
        <Banner tone="waiting" title="The app was connected to another account before.">
          Purchases of {formerAccounts.join(", ")} stay, and can be refunded only while that account is
          connected.
        </Banner>
      )}
      {app.connection === null && open > 0 && (
        <Banner
          tone="waiting"
          title={`${open} ${open === 1 ? "refund waits" : "refunds wait"} for the account.`}
        >
          They go on when the same account is connected again, and are judged anew.
        </Banner>
      )}
    </div>
  );
}

function moreOf(
  { app, mode, account, events, testRefund }: Onboarding,
  may: { connect: boolean; manage: boolean },
): Partial<Record<StepName, ReactNode>> {
  const { slug } = app;
  const isConnected = app.connection !== null;
  return {
    connected: isConnected ? (
      <p className="text-ink-soft">
        Connecting again with the same account changes nothing; for another one, disconnect this one first. An
        account serves one app.
      </p>
    ) : (
      <>
        <Limits />
        {may.connect && (
          <div>
            <ConnectLink slug={slug} />
          </div>
        )}
      </>
    ),
    account:
      account?.kind === "account" ? (
        <Account account={account.account} livemode={app.connection?.livemode} />
      ) : null,
    history:
      isConnected && may.connect && app.import.status !== "running" ? <ImportForm slug={slug} /> : null,
    notifications: app.notificationUrl ? (
      <>
        <p className="font-mono text-xs [overflow-wrap:anywhere]">{app.notificationUrl}</p>
        {may.manage && <PingForm slug={slug} />}
      </>
    ) : (
      may.manage && (
        <Link href={`/settings/integrations#app-${slug}`}>Set the address in the app’s settings</Link>
      )
    ),
    events: events.last && (
      <p className="text-ink-soft">
        It came <When at={events.last.receivedAt} />. <Link href="/events">All events</Link>
      </p>
    ),
    test_refund: (
      <>
        {testRefund?.refundId && <Link href={`/refunds/${testRefund.refundId}`}>Open the test refund</Link>}
        {isConnected && mode !== "live" && may.connect && <TestRefundForm slug={slug} />}
      </>
    ),
  };
}

/** What Stripe's OAuth cannot do, where somebody is about to meet it. */
function Limits() {
  return (
    <p className="text-ink-soft">
      Stripe refuses an account that another platform controls: its owner has to refund there, or take
      payments on an account of their own. Access with <code>read_only</code> cannot refund, so Redress always
      asks for <code>read_write</code>. Sign in at Stripe as an administrator of the account, in the mode of
      this desk.
    </p>
  );
}

function Account({ account, livemode }: { account: StripeAccount; livemode: boolean | undefined }) {
  const { id, name, country, defaultCurrency, chargesEnabled, payoutsEnabled, disabledReason } = account;
  return (
    <Properties>
      <Property name="Account">
        <CopyText text={id} label="Stripe account id" />
      </Property>
      <Property name="Name">{name ?? "None at Stripe"}</Property>
      <Property name="Mode">{livemode ? "Live" : "Test"}</Property>
      <Property name="Country">{country ?? "Unknown"}</Property>
      <Property name="Currency">{defaultCurrency?.toUpperCase() ?? "Unknown"}</Property>
      <Property name="Payments">{onOrOff(chargesEnabled)}</Property>
      <Property name="Payouts">{onOrOff(payoutsEnabled)}</Property>
      {disabledReason && <Property name="Restricted for">{disabledReason}</Property>}
    </Properties>
  );
}

const onOrOff = (enabled: boolean | null) =>
  enabled === null ? "Unknown" : enabled ? "On" : "Switched off by Stripe";
