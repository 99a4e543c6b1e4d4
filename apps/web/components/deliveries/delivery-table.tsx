import type { DeliverySummary } from "@redress/core/notifications/list-deliveries";
import Link from "../link.tsx";
import { Cell, HeadCell, Table } from "../ui/table.tsx";
import { ExactTime } from "../when.tsx";
import { messageName, outcomeName } from "./message-name.ts";
import { DeliveryStateMark } from "./state-mark.tsx";

/** Messages to apps, each with how its last attempt went. */
export function DeliveryTable({
  deliveries,
  path,
  isOfMany,
}: {
  deliveries: readonly DeliverySummary[];
  /** What each message's page is below. */
  path: string;
  /** Whether they are of several apps, so that each is named. */
  isOfMany: boolean;
}) {
  return (
    <Table>
      <thead>
        <tr>
          <HeadCell>Since</HeadCell>
          <HeadCell>Message</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell className="hidden lg:table-cell">Last attempt</HeadCell>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <tr key={delivery.id} className="border-b border-line align-top last:border-0">
            <Cell className="align-top text-ink-soft sm:whitespace-nowrap">
              <ExactTime at={delivery.createdAt} className="numeric text-xs" />
            </Cell>
            <Cell className="align-top">
              {/* That somebody read a message may be written down: not before they ask for it. */}
              <Link href={`${path}/${delivery.id}`} className="block font-medium hover:underline">
                {messageName(delivery)}
              </Link>
              {isOfMany && <span className="text-xs text-ink-faint">{delivery.app.name}</span>}
            </Cell>
            <Cell className="align-top">
              <DeliveryStateMark state={delivery.state} />
            </Cell>
            <Cell className="hidden max-w-80 align-top text-xs text-ink-soft lg:table-cell">
              <span className="numeric">
                {delivery.attemptCount > 0 && `${delivery.attemptCount}. `}
                {outcomeName(delivery.lastAttempt)}
              </span>
              {delivery.lastAttempt?.errorMessage && (
                <span className="block text-ink-faint">{delivery.lastAttempt.errorMessage}</span>
              )}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
