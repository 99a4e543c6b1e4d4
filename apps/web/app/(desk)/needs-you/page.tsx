import { listOpenAlerts } from "@redress/core/list-open-alerts";
import { listProposals } from "@redress/core/proposals/list-proposals";
import { countDisputesDue } from "@redress/core/purchases/list-disputes";
import { CircleCheck } from "lucide-react";
import type { Metadata } from "next";
import { AlertList } from "../../../components/alerts/alert-list.tsx";
import Link from "../../../components/link.tsx";
import { LiveRefresh } from "../../../components/live-refresh.tsx";
import { ProposalPanel } from "../../../components/proposals/proposal-panel.tsx";
import { EvidenceDue } from "../../../components/purchases/evidence-due.tsx";
import { Banner } from "../../../components/ui/banner.tsx";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { openPage } from "../../../src/access/page.ts";
import { allows, scopeOf } from "../../../src/access/scope.ts";
import { countUndecided } from "../../../src/reads/count-alerts.ts";
import { countAwaiting } from "../../../src/reads/count-awaiting.ts";

export const metadata: Metadata = { title: "Needs you" };

const link = "text-accent underline underline-offset-2";

/** What only a person can settle, read from the books as they are now: it is gone when it is settled. */
export default async function NeedsYouPage() {
  const { dependencies, operator, scope } = await openPage("refunds.read");
  const [alerts, { proposals }, undecided, awaiting, due] = await Promise.all([
    listOpenAlerts(dependencies, { appIds: scope }),
    listProposals(dependencies, { appIds: scope, status: "open" }),
    countUndecided(dependencies, operator),
    countAwaiting(dependencies, scopeOf(operator.grants, "refunds.decide")),
    countDisputesDue(dependencies, { appIds: scopeOf(operator.grants, "purchases.read") }),
  ]);
  const isQuiet = alerts.length === 0 && proposals.length === 0 && undecided + awaiting + due.count === 0;
  return (
    <>
      <LiveRefresh everyMs={15_000} />
      <PageHeader
        title="Needs you"
        description="What Redress cannot settle by itself. Each line is gone once it is settled; failures stay for 30 days."
      />
      <div className="grid gap-3">
        {awaiting > 0 && (
          <Banner tone="plain">
            {awaiting === 1 ? "1 request waits" : `${awaiting} requests wait`} for a decision.{" "}
            <Link href="/approvals" className={link}>
              Decide
            </Link>
          </Banner>
        )}
        {due.firstDueAt !== null && (
          <Banner tone="waiting">
            {due.count === 1 ? "1 dispute wants" : `${due.count} disputes want`} an answer.{" "}
            <EvidenceDue at={due.firstDueAt} />
            {due.count > 1 && ", for the first of them"}.{" "}
            <Link href="/disputes" className={link}>
              Look
            </Link>
          </Banner>
        )}
        {undecided > 0 && (
          <Banner tone="waiting">
            {undecided === 1 ? "1 difference" : `${undecided} differences`} between the books and Stripe that
            only a person can judge.{" "}
            <Link href="/reconciliation?show=undecided" className={link}>
              Look
            </Link>
          </Banner>
        )}
        {alerts.length > 0 && <AlertList alerts={alerts} />}
        {proposals.map((proposal) => (
          <ProposalPanel
            key={proposal.id}
            proposal={proposal}
            mayAsk={allows(operator.grants, "refunds.request", proposal.app.id)}
            elsewhere
          />
        ))}
        {isQuiet && (
          <EmptyState icon={CircleCheck} title="Nothing needs you">
            Refunds that fail, are blocked, or whose customer keeps access appear here, and warnings of fraud.
          </EmptyState>
        )}
      </div>
    </>
  );
}
