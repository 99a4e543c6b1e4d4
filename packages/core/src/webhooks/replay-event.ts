import { stripeEvents } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { routeOf } from "../workflows/stripe-event-routes.ts";
import { requeueEvent } from "./requeue-event.ts";

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
  const { eventId, actor, correlationId } = input;
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
    if (!(await requeueEvent(dependencies, transaction, event))) {
      throw new RedressError(
        "event_not_replayable",
        "The body of this event was removed at the end of its retention. Send it again from Stripe's Dashboard.",
      );
    }
    await transaction
      .update(stripeEvents)
      .set({ status: "received", lastError: null, handledAt: null })
      .where(eq(stripeEvents.id, eventId));
    const before = { status: event.status };
    const after = { status: "received" };
    const details = { eventId, type: event.type };
    await recordAudit(dependencies, transaction, {
      actor,
      action: "event_replayed",
      correlationId,
      before,
      after,
      details,
    });
  });
  dependencies.wakeOutbox();
}
