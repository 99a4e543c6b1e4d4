import { apps, notifications } from "@redress/database";
import { and, asc, eq, getTableColumns, ne } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { type DeliveryFilter, matching } from "./list-deliveries.ts";
import { resendLocked } from "./resend.ts";

/**
 * Messages of some apps that came to be from `since` on, and before `until`, and that no app took (`dead`) or one
 * declined.
 */
export type ResendWindow = Omit<DeliveryFilter, "state" | "since"> & {
  readonly state: "dead" | "declined";
  readonly since: Date;
};

const batchSize = 100;

/** How many messages a window holds. @throws RedressError `invalid_input` for an empty window */
export async function countResendable(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  { window }: { window: ResendWindow },
): Promise<{ resendable: number }> {
  const rows = database
    .select({ id: notifications.id })
    .from(notifications)
    .innerJoin(apps, eq(apps.id, notifications.appId))
    .where(inWindow(window, clock.now()))
    .as("resendable");
  return { resendable: await database.$count(rows) };
}

/**
 * Sends the next hundred messages of a window again, the oldest first. Each leaves the window by this, so the same
 * call goes on, in any process, until `done`.
 *
 * @throws RedressError `invalid_input` for an empty window
 */
export async function resendWindow(
  dependencies: Dependencies,
  input: { window: ResendWindow; actor: Actor; correlationId: string },
): Promise<{ resent: number; done: boolean }> {
  const { window, ...by } = input;
  const resent = await dependencies.database.transaction(async (transaction) => {
    const rows = await transaction
      .select(getTableColumns(notifications))
      .from(notifications)
      .innerJoin(apps, eq(apps.id, notifications.appId))
      .where(inWindow(window, dependencies.clock.now()))
      .orderBy(asc(notifications.createdAt), asc(notifications.id))
      .limit(batchSize)
      .for("update", { of: notifications });
    for (const notification of rows) await resendLocked(dependencies, transaction, { ...by, notification });
    return rows.length;
  });
  dependencies.wakeOutbox();
  return { resent, done: resent < batchSize };
}

function inWindow(window: ResendWindow, now: Date) {
  const { since, until = now } = window;
  if (since >= until) {
    throw new RedressError("invalid_input", "The window is empty: give a start before its end.");
  }
  return and(matching({ ...window, until }), ne(notifications.type, "ping"));
}
