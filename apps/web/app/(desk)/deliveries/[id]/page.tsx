import { getDelivery } from "@redress/core/notifications/get-delivery";
import type { Metadata } from "next";
import { BackLink } from "../../../../components/back-link.tsx";
import { DeliveryCards } from "../../../../components/deliveries/delivery-cards.tsx";
import { messageName } from "../../../../components/deliveries/message-name.ts";
import { ResendDeliveryForm } from "../../../../components/deliveries/resend-form.tsx";
import { LiveRefresh } from "../../../../components/live-refresh.tsx";
import { PageHeader } from "../../../../components/ui/page.tsx";
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
      <DeliveryCards delivery={delivery} refundsPath="/refunds" />
    </>
  );
}
