import { apps, deliveries, notifications } from "@redress/database";
import { desc, eq, getTableColumns } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { type DeliverySummary, summaryColumns } from "./list-deliveries.ts";

/** One attempt: what was sent where, and what came back. */
export type DeliveryAttempt = Omit<typeof deliveries.$inferSelect, "notificationId">;

/** A message to an app with its body and all attempts. */
export type DeliveryDetail = Omit<DeliverySummary, "lastAttempt"> & {
  /** The body, the same at each attempt; it holds the customer's address. */
  readonly payload: Record<string, unknown>;
  /** The newest first; at most 100. */
  readonly attempts: readonly DeliveryAttempt[];
};

const mostAttempts = 100;

/**
 * One message to an app.
 *
 * @throws RedressError `notification_not_found`
 */
export async function getDelivery(
  { database }: Pick<Dependencies, "database">,
  { notificationId }: { notificationId: string },
): Promise<DeliveryDetail> {
  const [row] = await database
    .select({ ...summaryColumns, payload: notifications.payload })
    .from(notifications)
    .innerJoin(apps, eq(apps.id, notifications.appId))
    .where(eq(notifications.id, notificationId));
  if (!row) {
    throw new RedressError(
      "notification_not_found",
      `There is no notification ${notificationId}. Check the id.`,
    );
  }
  const { notificationId: _, ...columns } = getTableColumns(deliveries);
  const attempts = await database
    .select(columns)
    .from(deliveries)
    .where(eq(deliveries.notificationId, notificationId))
    .orderBy(desc(deliveries.number))
    .limit(mostAttempts);
  return { ...row, attempts };
}
