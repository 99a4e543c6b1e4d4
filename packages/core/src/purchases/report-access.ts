import { notifications } from "@redress/database";
import { and, eq, ne } from "drizzle-orm";
import { z } from "zod";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { recordAnswer } from "../notifications/record-answer.ts";
import { parseInput } from "../parse-input.ts";

/** What an app signs and sends. */
export const accessReport = z.object({
  type: z.literal("access.reported"),
  data: z.object({
    notification_id: z.string().min(1).max(100),
    status: z.enum(["done", "declined"]),
    reason: z.string().trim().min(1).max(500).optional(),
  }),
});

/**
 * An app says, some time after it was told, that access is revoked (or given back), or that it will not do it.
 *
 * @param input.body the verified message: `{ type: "access.reported", data: { notification_id, status, reason? } }`
 * @returns the notification's status afterwards
 * @throws RedressError `invalid_input`, also for a notification that is not this app's
 */
export async function reportAccess(
  dependencies: Dependencies,
  input: { appId: string; body: unknown; correlationId?: string },
): Promise<{ status: (typeof notifications.$inferSelect)["status"] }> {
  const { data } = parseInput(accessReport, input.body);
  return dependencies.database.transaction(async (transaction) => {
    const [own] = await transaction
      .select({ id: notifications.id })
      .from(notifications)
      .where(
        and(
          eq(notifications.id, data.notification_id),
          eq(notifications.appId, input.appId),
          ne(notifications.type, "ping"),
        ),
      );
    if (own === undefined) throw notificationUnknown();
    return recordAnswer(dependencies, transaction, {
      notificationId: own.id,
      status: data.status,
      reason: data.reason ?? null,
      actor: { kind: "app", id: input.appId },
      correlationId: input.correlationId ?? newId(dependencies.random, "correlation"),
    });
  });
}

function notificationUnknown(): RedressError {
  return new RedressError(
    "invalid_input",
    "This app was sent no notification with this id. Give the webhook-id of the message that you answer.",
    { details: { fields: [{ field: "data.notification_id", message: "unknown" }] } },
  );
}
