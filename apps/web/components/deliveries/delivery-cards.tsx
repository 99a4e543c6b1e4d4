import type { DeliveryDetail } from "@redress/core/notifications/get-delivery";
import { CopyText } from "../copy-text.tsx";
import Link from "../link.tsx";
import { Card, CardTitle, Properties, Property } from "../ui/card.tsx";
import { ExactTime, When } from "../when.tsx";
import { AttemptCard, Text } from "./attempt-card.tsx";
import { DeliveryStateMark } from "./state-mark.tsx";

/** One message to an app: where it stands, what it says, and each attempt. */
export function DeliveryCards({
  delivery,
  refundsPath,
}: {
  delivery: DeliveryDetail;
  /** What refunds' pages are below; null: the reader may not see them. */
  refundsPath: string | null;
}) {
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <div className="grid content-start gap-4">
        <State delivery={delivery} refundsPath={refundsPath} />
        <Card>
          <CardTitle>Message</CardTitle>
          <div className="px-4 pt-1 pb-4">
            <Text text={JSON.stringify(delivery.payload, null, 2)} />
          </div>
        </Card>
      </div>
      <div className="grid content-start gap-4">
        {delivery.attempts.map((attempt) => (
          <AttemptCard key={attempt.id} attempt={attempt} />
        ))}
      </div>
    </div>
  );
}

function State({ delivery, refundsPath }: { delivery: DeliveryDetail; refundsPath: string | null }) {
  const { nextAttemptAt, refundId, receivedAt, doneAt, reason } = delivery;
  return (
    <Card>
      <CardTitle aside={<DeliveryStateMark state={delivery.state} />}>State</CardTitle>
      <Properties>
        <Property name="Message id">
          <CopyText text={delivery.id} label="Message id" />
        </Property>
        {refundId && (
          <Property name="Refund">
            {refundsPath === null ? (
              <span className="font-mono text-xs">{refundId}</span>
            ) : (
              <Link href={`${refundsPath}/${refundId}`} className="font-mono text-xs hover:underline">
                {refundId}
              </Link>
            )}
          </Property>
        )}
        <Property name="Since">
          <ExactTime at={delivery.createdAt} />
        </Property>
        <Property name="Attempts">{delivery.attemptCount}</Property>
        {nextAttemptAt && (
          <Property name="Next attempt">
            <When at={nextAttemptAt} />
          </Property>
        )}
        {receivedAt && (
          <Property name="Received">
            <ExactTime at={receivedAt} />
          </Property>
        )}
        {doneAt && (
          <Property name="Done">
            <ExactTime at={doneAt} />
          </Property>
        )}
        {reason && <Property name="The app said">{reason}</Property>}
      </Properties>
    </Card>
  );
}
