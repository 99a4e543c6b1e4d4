import type { RefundSummary } from "@redress/core/refunds/refund-view";
import { Customer } from "../customer.tsx";
import Link from "../link.tsx";
import { Money } from "../money.tsx";
import { Cell, HeadCell, Row, rowLink, Table } from "../ui/table.tsx";
import { When } from "../when.tsx";
import { AccessMark } from "./access-mark.tsx";
import { NextQuestion } from "./next-question.tsx";
import { StatusMark } from "./status-mark.tsx";

const questionLook = "ml-2 text-xs whitespace-nowrap text-ink-soft";

/** Refunds under each other; with `ofPurchase` without what the purchase's page says already. */
export function RefundTable({
  refunds,
  ofPurchase = false,
}: {
  refunds: readonly RefundSummary[];
  ofPurchase?: boolean;
}) {
  // On a narrow screen the status stands under the customer.
  const onlyWide = ofPurchase ? "" : "hidden sm:table-cell";
  return (
    <Table>
      <thead>
        <tr>
          {!ofPurchase && <HeadCell>Customer</HeadCell>}
          <HeadCell className={onlyWide}>Status</HeadCell>
          {!ofPurchase && <HeadCell className="hidden lg:table-cell">App</HeadCell>}
          <HeadCell className="hidden md:table-cell">Requested by</HeadCell>
          <HeadCell className="text-right">Amount</HeadCell>
          <HeadCell className="hidden text-right sm:table-cell">Requested</HeadCell>
        </tr>
      </thead>
      <tbody>
        {refunds.map((refund) => (
          <Row key={refund.id}>
            {!ofPurchase && (
              <Cell>
                <Link href={`/refunds/${refund.id}`} className={rowLink}>
                  <Customer name={refund.customerName} email={refund.customerEmail} />
                </Link>
                <span className="mt-1 flex flex-wrap items-center gap-y-1 sm:hidden">
                  <StatusMark refund={refund} />
                  <NextQuestion refund={refund} className={questionLook} />
                  <AccessMark refund={refund} />
                </span>
              </Cell>
            )}
            <Cell className={onlyWide}>
              {ofPurchase ? (
                <Link href={`/refunds/${refund.id}`} className={rowLink}>
                  <StatusMark refund={refund} />
                </Link>
              ) : (
                <StatusMark refund={refund} />
              )}
              <NextQuestion refund={refund} className={questionLook} />
              <AccessMark refund={refund} />
            </Cell>
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
