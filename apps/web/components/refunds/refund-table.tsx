import type { RefundSummary } from "@redress/core/refunds/refund-view";
import Link from "next/link";
import { Customer } from "../customer.tsx";
import { Money } from "../money.tsx";
import { Cell, HeadCell, Row, rowLink, Table } from "../ui/table.tsx";
import { When } from "../when.tsx";
import { AccessMark } from "./access-mark.tsx";
import { StatusMark } from "./status-mark.tsx";

/** Refunds under each other; with `ofPurchase` without what the purchase's page says already. */
export function RefundTable({
  refunds,
  ofPurchase = false,
}: {
  refunds: readonly RefundSummary[];
  ofPurchase?: boolean;
}) {
  return (
    <Table>
      <thead>
        <tr>
          <HeadCell>Status</HeadCell>
          {!ofPurchase && <HeadCell>Customer</HeadCell>}
          {!ofPurchase && <HeadCell className="hidden lg:table-cell">App</HeadCell>}
          <HeadCell className="hidden md:table-cell">Requested by</HeadCell>
          <HeadCell className="text-right">Amount</HeadCell>
          <HeadCell className="hidden text-right sm:table-cell">Requested</HeadCell>
        </tr>
      </thead>
      <tbody>
        {refunds.map((refund) => (
          <Row key={refund.id}>
            <Cell>
              <Link href={`/refunds/${refund.id}`} className={rowLink}>
                <StatusMark status={refund.status} />
              </Link>
              <AccessMark access={refund.accessStatus} />
            </Cell>
            {!ofPurchase && (
              <Cell>
                <Customer name={refund.customerName} email={refund.customerEmail} />
              </Cell>
            )}
            {!ofPurchase && <Cell className="hidden text-ink-soft lg:table-cell">{refund.app.name}</Cell>}
            <Cell className="hidden text-ink-soft md:table-cell">{requesterName(refund)}</Cell>
            <Cell className="text-right font-medium">
              <Money amount={refund.amount} currency={refund.currency} />
            </Cell>
            <Cell className="hidden text-right whitespace-nowrap text-ink-soft sm:table-cell">
              <When at={refund.requestedAt} />
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

/** Who asked, for people. */
export function requesterName({
  origin,
  requestedBy,
}: Pick<RefundSummary, "origin" | "requestedBy">): string {
  if (origin === "stripe") return "In Stripe, outside Redress";
  return requestedBy.name ?? (requestedBy.kind === "agent" ? "An agent" : requestedBy.id);
}
