import { type DeliveryDetail, getDelivery } from "@redress/core/notifications/get-delivery";
import type { Metadata } from "next";
import Link from "next/link";
import { BackLink } from "../../../../components/back-link.tsx";
import { CopyText } from "../../../../components/copy-text.tsx";
import { AttemptCard, Text } from "../../../../components/deliveries/attempt-card.tsx";
import { messageName } from "../../../../components/deliveries/message-name.ts";
import { ResendDeliveryForm } from "../../../../components/deliveries/resend-form.tsx";
import { DeliveryStateMark } from "../../../../components/deliveries/state-mark.tsx";
import { LiveRefresh } from "../../../../components/live-refresh.tsx";
import { Card, CardTitle, Properties, Property } from "../../../../components/ui/card.tsx";
import { PageHeader } from "../../../../components/ui/page.tsx";
import { ExactTime, When } from "../../../../components/when.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { allows } from "../../../../src/access/scope.ts";

export const metadata: Metadata = { title: "Delivery" };

/** One message to an app: what it says, where it stands, and each attempt. */
export default async function DeliveryPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const { dependencies, operator } = await openPage("audit.read", { notification: () => id });
  const delivery = await getDelivery(dependencies, { notificationId: id });
  const settled = delivery.state === "done" || delivery.state === "overtaken" || delivery.type === "ping";
  const mayResend = !settled && allows(operator.grants, "apps.manage", delivery.app.id);
  return (
    <>
      {delivery.state === "pending" && <LiveRefresh everyMs={5000} />}
      <BackLink href="/deliveries">Deliveries</BackLink>
      <PageHeader title={messageName(delivery)} description={`To ${delivery.app.name}`}>
        {mayResend && <ResendDeliveryForm notificationId={id} />}
      </PageHeader>
      <div className="grid gap-4 lg:grid-cols-2">
        <div className="grid content-start gap-4">
          <State delivery={delivery} />
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
    </>
  );
}

function State({ delivery }: { delivery: DeliveryDetail }) {
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
            <Link href={`/refunds/${refundId}`} className="font-mono text-xs hover:underline">
              {refundId}
            </Link>
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
