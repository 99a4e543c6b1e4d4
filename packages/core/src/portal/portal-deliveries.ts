import { auditLogs, notifications } from "@redress/database";
import { and, eq, sql } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { type DeliveryDetail, getDelivery } from "../notifications/get-delivery.ts";
import type { PortalVisit } from "./visit-portal.ts";

/**
 * Refuses a message that is not of the link's app: word for word as one that does not exist.
 *
 * @throws RedressError `notification_not_found`
 */
export async function requireOwnDelivery(
  { database }: Pick<Dependencies, "database">,
  { app }: PortalVisit,
  notificationId: string,
): Promise<void> {
  const own = and(eq(notifications.id, notificationId), eq(notifications.appId, app.id));
  if ((await database.$count(notifications, own)) > 0) return;
  throw new RedressError(
    "notification_not_found",
    "There is no message with this id to your app. Look it up in the list of deliveries.",
  );
}

/**
 * One message to the link's app with its body and attempts. The body names a customer, so the first reading of each is in
 * the audit log.
 *
 * @throws RedressError `notification_not_found`
 */
export async function readPortalDelivery(
  dependencies: Pick<Dependencies, "database" | "clock" | "origin">,
  visit: PortalVisit,
  { notificationId, correlationId }: { notificationId: string; correlationId: string },
): Promise<DeliveryDetail> {
  await requireOwnDelivery(dependencies, visit, notificationId);
  const delivery = await getDelivery(dependencies, { notificationId });
  await noteReading(dependencies, visit, { delivery, correlationId });
  return delivery;
}

async function noteReading(
  dependencies: Pick<Dependencies, "database" | "clock" | "origin">,
  { actor, app }: PortalVisit,
  { delivery, correlationId }: { delivery: DeliveryDetail; correlationId: string },
): Promise<void> {
  const { id: notificationId, purchaseId, refundId } = delivery;
  const action = "portal_delivery_read";
  const noted = and(
    eq(auditLogs.actorId, actor.id),
    eq(auditLogs.action, action),
    sql`${auditLogs.details} ->> 'notificationId' = ${notificationId}`,
  );
  if ((await dependencies.database.$count(auditLogs, noted)) > 0) return;
  await dependencies.database.transaction((transaction) =>
    recordAudit(dependencies, transaction, {
      ...{ actor, action, correlationId, appId: app.id, purchaseId, refundId },
      details: { notificationId, ownerId: actor.ownerId },
    }),
  );
}
