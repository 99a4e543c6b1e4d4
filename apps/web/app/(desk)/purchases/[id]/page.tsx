import { getApp } from "@redress/core/apps/get-app";
import { reasonsOf } from "@redress/core/policy/reasons";
import { getPolicy } from "@redress/core/policy/set-policy";
import { listProposals } from "@redress/core/proposals/list-proposals";
import { getPurchase } from "@redress/core/purchases/get-purchase";
import type { PurchaseDetail } from "@redress/core/purchases/purchase-view";
import { blockedSentences } from "@redress/core/refunds/blockage";
import type { Metadata } from "next";
import { BackLink } from "../../../../components/back-link.tsx";
import { Breakable } from "../../../../components/breakable.tsx";
import { CopyText } from "../../../../components/copy-text.tsx";
import { customerName } from "../../../../components/customer-name.ts";
import { LiveRefresh } from "../../../../components/live-refresh.tsx";
import { Money } from "../../../../components/money.tsx";
import { ProposalPanel } from "../../../../components/proposals/proposal-panel.tsx";
import { EvidenceDue } from "../../../../components/purchases/evidence-due.tsx";
import { methodName } from "../../../../components/purchases/method.ts";
import { MoneyBar } from "../../../../components/purchases/money-bar.tsx";
import { PurchaseState } from "../../../../components/purchases/purchase-state.tsx";
import { RefundForm } from "../../../../components/purchases/refund-form.tsx";
import { RefundTable } from "../../../../components/refunds/refund-table.tsx";
import { movingStatuses } from "../../../../components/refunds/status.ts";
import { Banner } from "../../../../components/ui/banner.tsx";
import { Card, CardTitle, Properties, Property } from "../../../../components/ui/card.tsx";
import { PageHeader } from "../../../../components/ui/page.tsx";
import { When } from "../../../../components/when.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { allows } from "../../../../src/access/scope.ts";
import { mayApproveOwn } from "../../../../src/reads/own-requests.ts";

export const metadata: Metadata = { title: "Purchase" };

const accessNames = {
  granted: "Granted",
  revoke_told: "App told to revoke it",
  revoked: "Revoked",
  restore_told: "App told to give it back",
} as const;

export default async function PurchasePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const { dependencies, operator } = await openPage("purchases.read", { purchase: () => id });
  const purchase = await getPurchase(dependencies, { purchaseId: id });
  const app = await getApp(dependencies, { slug: purchase.app.slug });
  const obstacle = whyNoRefund(purchase, {
    connectedAccount: app.connection?.stripeAccountId ?? null,
    stopped: app.refundsStopped !== null,
    permitted: allows(operator.grants, "refunds.request", app.id),
  });
  const { proposals } = await listProposals(dependencies, {
    appIds: [app.id],
    purchaseId: id,
    status: "open",
  });
  const { policy } = await getPolicy(dependencies, { slug: app.slug });
  const approvesOwn = await mayApproveOwn(dependencies, operator.id);
  const isMoving = purchase.refunds.some(({ status }) => movingStatuses.includes(status));
  return (
    <>
      {isMoving && <LiveRefresh everyMs={5000} />}
      <BackLink href="/purchases">Purchases</BackLink>
      <PageHeader
        title={<Breakable text={purchase.customerName ?? purchase.customerEmail ?? "Unknown customer"} />}
        description={purchase.productName ?? purchase.description}
      >
        <div className="flex items-center gap-3">
          <PurchaseState purchase={purchase} />
          <Money
            amount={purchase.amountCaptured}
            currency={purchase.currency}
            className="text-2xl font-semibold tracking-tight"
          />
        </div>
      </PageHeader>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid min-w-0 gap-5">
          <Card className="p-4">
            <MoneyBar purchase={purchase} />
          </Card>
          {proposals.map((proposal) => (
            <ProposalPanel key={proposal.id} proposal={proposal} mayAsk={obstacle === null} />
          ))}
          {obstacle ? (
            <Banner tone={obstacle.tone}>{obstacle.sentence}</Banner>
          ) : (
            <Card>
              <CardTitle>Refund</CardTitle>
              <RefundForm
                purchaseId={purchase.id}
                amountLeft={purchase.amountLeft}
                currency={purchase.currency}
                recipient={customerName(purchase)}
                method={methodName(purchase)}
                appName={app.name}
                amountPaid={purchase.amountCaptured}
                reasons={reasonsOf(policy)}
                applicationFee={purchase.applicationFee}
                approvesOwn={approvesOwn}
              />
            </Card>
          )}
          {purchase.refunds.length > 0 && (
            <section>
              <h2 className="mb-2 text-sm font-semibold">Refunds of this purchase</h2>
              <RefundTable refunds={purchase.refunds} ofPurchase />
            </section>
          )}
        </div>
        <PurchaseProperties purchase={purchase} />
      </div>
    </>
  );
}

function whyNoRefund(
  purchase: PurchaseDetail,
  given: { connectedAccount: string | null; stopped: boolean; permitted: boolean },
): { tone: "plain" | "waiting"; sentence: string } | null {
  const { connectedAccount, stopped, permitted } = given;
  if (purchase.amountLeft <= 0) {
    return {
      tone: "plain",
      sentence:
        "Nothing is left to refund: all of the payment is back, on its way, or reserved by an open request.",
    };
  }
  if (connectedAccount === null) return { tone: "waiting", sentence: blockedSentences.account_disconnected };
  if (connectedAccount !== purchase.stripeAccountId) {
    return { tone: "waiting", sentence: blockedSentences.account_changed };
  }
  if (purchase.refundsBlockedByDispute) return { tone: "waiting", sentence: blockedSentences.dispute_open };
  if (stopped) return { tone: "waiting", sentence: blockedSentences.refunds_stopped };
  if (!permitted)
    return { tone: "plain", sentence: "Your role lets you look, but not ask for refunds in this app." };
  return null;
}

/** Who bought: an address alone tells nobody apart. */
function CustomerProperty({ customer }: { customer: PurchaseDetail["customer"] }) {
  const { appCustomerId, stripeCustomerId, othersWithEmail } = customer;
  return (
    <>
      <Property name="Customer">
        {appCustomerId && <CopyText text={appCustomerId} label="customer id in the app" />}
        {stripeCustomerId && <CopyText text={stripeCustomerId} label="Stripe customer id" />}
        {!appCustomerId && !stripeCustomerId && (
          <span className="text-waiting">A guest: known by the address alone</span>
        )}
      </Property>
      {othersWithEmail > 0 && (
        <Property name="Same address">
          <span className="text-waiting">
            {othersWithEmail === 1 ? "One other customer" : `${othersWithEmail} other customers`} of this app
          </span>
        </Property>
      )}
    </>
  );
}

function PurchaseProperties({ purchase }: { purchase: PurchaseDetail }) {
  const method = methodName(purchase);
  return (
    <Card>
      <CardTitle>Purchase</CardTitle>
      <Properties>
        {purchase.customerEmail && (
          <Property name="E-mail">
            <CopyText text={purchase.customerEmail} label="e-mail address" />
          </Property>
        )}
        <CustomerProperty customer={purchase.customer} />
        {purchase.orderNumber && <Property name="Order">{purchase.orderNumber}</Property>}
        <Property name="App">{purchase.app.name}</Property>
        <Property name="Bought">
          <When at={purchase.purchasedAt} />
        </Property>
        {method && <Property name="Paid with">{method}</Property>}
        <Property name="Access">{accessNames[purchase.access]}</Property>
        {purchase.disputeStatus && (
          <Property name="Dispute">
            {purchase.disputeStatus.replaceAll("_", " ")}
            {purchase.disputeDueAt && (
              <span className="block text-xs">
                <EvidenceDue at={purchase.disputeDueAt} />
              </span>
            )}
          </Property>
        )}
        <Property name="Charge">
          <CopyText text={purchase.stripeChargeId} label="charge id" />
        </Property>
        {purchase.stripePaymentIntentId && (
          <Property name="Payment intent">
            <CopyText text={purchase.stripePaymentIntentId} label="payment intent id" />
          </Property>
        )}
        <Property name="Stripe account">
          <CopyText text={purchase.stripeAccountId} label="Stripe account id" />
        </Property>
        <Property name="Redress id">
          <CopyText text={purchase.id} label="purchase id" />
        </Property>
      </Properties>
    </Card>
  );
}
