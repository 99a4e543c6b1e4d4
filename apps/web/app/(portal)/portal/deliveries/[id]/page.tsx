import { isRedressError } from "@redress/core/errors";
import { readPortalDelivery } from "@redress/core/portal/portal-deliveries";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { BackLink } from "../../../../../components/back-link.tsx";
import { DeliveryCards } from "../../../../../components/deliveries/delivery-cards.tsx";
import { messageName } from "../../../../../components/deliveries/message-name.ts";
import { ResendOwnForm } from "../../../../../components/portal/portal-forms.tsx";
import { PageHeader } from "../../../../../components/ui/page.tsx";
import { openPortalPage } from "../../../../../src/access/portal.ts";

export const metadata: Metadata = { title: "Delivery" };

/** One message to the developer's app: what it says, where it stands, and what the app answered. */
export default async function PortalDeliveryPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const delivery = await read(id);
  const settled = delivery.state === "done" || delivery.state === "overtaken" || delivery.type === "ping";
  return (
    <>
      <BackLink href="/portal">Notifications</BackLink>
      <PageHeader title={messageName(delivery)} description={`To ${delivery.app.name}`}>
        {!settled && <ResendOwnForm notificationId={id} />}
      </PageHeader>
      <DeliveryCards delivery={delivery} refundsPath={null} />
    </>
  );
}

async function read(notificationId: string) {
  const { dependencies, visit, correlationId } = await openPortalPage();
  try {
    return await readPortalDelivery(dependencies, visit, { notificationId, correlationId });
  } catch (error) {
    if (isRedressError(error)) notFound();
    throw error;
  }
}
