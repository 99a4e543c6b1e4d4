import { stripeEvents, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { routeOf } from "../workflows/stripe-event-routes.ts";
import { appOfEvent } from "./event-scope.ts";
import { requeueEvent } from "./requeue-event.ts";

type EventRow = typeof stripeEvents.$inferSelect;

/**
 * Handles an event again, e.g. one that failed for good. One that was handled before changes nothing.
 *
 * @throws RedressError `event_not_found`, or `event_not_replayable` when its type is not handled or its
 *   body was removed
 */
export async function replayEvent(
  dependencies: Dependencies,
  input: { eventId: string; actor: Actor; correlationId: string },
): Promise<void> {
  const { eventId } = input;
  await dependencies.database.transaction(async (transaction) => {
    const [event] = await transaction
      .select()
      .from(stripeEvents)
      .where(eq(stripeEvents.id, eventId))
      .for("update");
    if (!event) throw new RedressError("event_not_found", `There is no event ${eventId}. Check the id.`);
    const otherMode = event.livemode !== (dependencies.settings.mode === "live");
    if (otherMode || routeOf(event.type) === undefined) {
      throw new RedressError(
        "event_not_replayable",
        "Redress does nothing about this event: its type, or its mode, is not one that is handled.",
      );
    }
    const appId = (await appOfEvent(transaction, eventId)) ?? null;
    if (!(await replayLocked(dependencies, transaction, { ...input, event, appId }))) {
      throw new RedressError(
        "event_not_replayable",
        "The body of this event was removed at the end of its retention. Send it again from Stripe's Dashboard.",
      );
    }
  });
  dependencies.wakeOutbox();
}

/**
 * The same in the caller's transaction, which holds the event's row and calls `wakeOutbox` after its commit.
 *
 * @param replay.appId whose event it is; the log shows the entry to those who may see that app
 * @returns false when its body was removed
 */
export async function replayLocked(
  dependencies: Pick<Dependencies, "clock" | "random">,
  transaction: Transaction,
  replay: { event: EventRow; appId: string | null; actor: Actor; correlationId: string },
): Promise<boolean> {
  const { event, appId, actor, correlationId } = replay;
  if (!(await requeueEvent(dependencies, transaction, event))) return false;
  await transaction
    .update(stripeEvents)
    .set({ status: "received", lastError: null, handledAt: null })
    .where(eq(stripeEvents.id, event.id));
  const before = { status: event.status };
  const after = { status: "received" };
  const details = { eventId: event.id, type: event.type };
  await recordAudit(dependencies, transaction, {
    actor,
    action: "event_replayed",
    correlationId,
    appId,
    before,
    after,
    details,
  });
  return true;
}
