import { listAlike } from "@redress/core/approvals/list-alike";
import { Inbox } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { TogetherForm } from "../../../../components/approvals/together-form.tsx";
import { BackLink } from "../../../../components/back-link.tsx";
import { customerName } from "../../../../components/customer-name.ts";
import Link from "../../../../components/link.tsx";
import { requesterName } from "../../../../components/refunds/refund-table.tsx";
import { EmptyState, PageHeader } from "../../../../components/ui/page.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { readSearch, type SearchParams } from "../../../../src/http/search.ts";
import { ownRequests } from "../../../../src/reads/own-requests.ts";

export const metadata: Metadata = { title: "Decide together" };

const searchSchema = z.object({ like: z.string().max(100).optional().catch(undefined) });

/** The requests that have one verdict with the one named in the address, to be approved at once. */
export default async function TogetherPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, operator, scope } = await openPage("refunds.decide");
  const { like } = await readSearch(searchParams, searchSchema);
  const groups = await listAlike(dependencies, { appIds: scope });
  const group = groups.find(({ refunds }) => refunds.some(({ id }) => id === like));
  const refundIds = group?.refunds.map(({ id }) => id) ?? [];
  const own = await ownRequests(dependencies, { operatorId: operator.id, refundIds });
  const open = group?.refunds.filter(({ id }) => !own.has(id)) ?? [];
  const [first] = open;
  return (
    <>
      <BackLink href="/approvals">Approvals</BackLink>
      <PageHeader
        title="Decide together"
        description={
          first && (
            <>
              Requests of {first.app.name} with one verdict: {group?.explanation} Each is recorded and sent as
              if it had been approved by itself.
            </>
          )
        }
      />
      {first ? (
        <TogetherForm
          currency={first.currency}
          requests={open.map((refund) => ({
            id: refund.id,
            customer: customerName(refund),
            product: refund.productName,
            note: refund.note,
            requester: requesterName(refund),
            amount: refund.amount,
          }))}
        />
      ) : (
        <EmptyState icon={Inbox} title="Nothing left to decide together">
          <Link href="/approvals" className="text-accent underline underline-offset-2">
            Back to the approvals
          </Link>
        </EmptyState>
      )}
    </>
  );
}
