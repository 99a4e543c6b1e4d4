import { addressRetentionDays } from "@redress/core/audit/note-address";
import type { Metadata } from "next";
import { PageHeader } from "../../../../components/ui/page.tsx";
import { Cell, HeadCell, Table } from "../../../../components/ui/table.tsx";
import { openPage } from "../../../../src/access/page.ts";

export const metadata: Metadata = { title: "Data" };

/** What the desk keeps of customers and of its own people, and until when. */
export default async function DataPage() {
  const { dependencies } = await openPage("operators.manage", "desk");
  const rows = [
    {
      what: "Names, e-mail addresses, the last four digits of cards",
      where: "Purchases, as Stripe and the apps report them",
      until: "As long as the purchase, unless erased: redress customers erase",
      set: "—",
    },
    {
      what: "Payloads of Stripe’s events",
      where: "Events",
      until: `${dependencies.settings.eventRetentionDays} days, then what is personal in them is removed`,
      set: "REDRESS_EVENT_RETENTION_DAYS",
    },
    {
      what: "Notes, comments and tickets’ addresses",
      where: "Refunds",
      until: "As long as the refund, unless the customer is erased",
      set: "—",
    },
    {
      what: "Internet addresses of whoever changed something",
      where: "Beside the audit log, which has only their salted hash",
      until: `${addressRetentionDays} days after they were last seen`,
      set: "fixed",
    },
    {
      what: "The audit log",
      where: "Audit. It holds no customer’s data in clear",
      until: "For ever: nothing in it can be changed or removed",
      set: "—",
    },
  ];
  return (
    <>
      <PageHeader
        title="Data"
        description="What is kept of people, where, and until when. Variables are set where the desk runs."
      />
      <Table>
        <thead>
          <tr>
            <HeadCell>What</HeadCell>
            <HeadCell className="hidden sm:table-cell">Where</HeadCell>
            <HeadCell>Until</HeadCell>
            <HeadCell className="hidden lg:table-cell">Set by</HeadCell>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ what, where, until, set }) => (
            <tr key={what} className="border-b border-line align-top last:border-0">
              <Cell className="font-medium">
                {what}
                <span className="mt-0.5 block text-xs font-normal text-ink-faint sm:hidden">{where}</span>
              </Cell>
              <Cell className="hidden text-ink-soft sm:table-cell">{where}</Cell>
              <Cell className="text-ink-soft">{until}</Cell>
              <Cell className="hidden font-mono text-xs text-ink-faint lg:table-cell">{set}</Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}
