import { createHash } from "node:crypto";
import { auditLogs, type Queryable, stripeEvents } from "@redress/database";
import { and, desc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "../actor.ts";
import type { EventWindow } from "./list-events.ts";

/** A place in the inbox, by when an event came in. */
export interface Place {
  readonly at: Date;
  readonly id: string;
}

/** One name for the same question of the same person, so that it can be gone on with. */
export function windowCorrelation({ window, actor }: { window: EventWindow; actor: Actor }): string {
  const { since, until, app, type, status, label } = window;
  const asked = [since, until, app, type, status, label, actor.kind, actor.id].map((part) => part ?? null);
  const digest = createHash("sha256").update(JSON.stringify(asked)).digest("hex");
  return `cor_replay_${digest.slice(0, 32)}`;
}

const detailsSchema = z.object({ eventId: z.string() });

/** The last event that an interrupted replay had handled again; null where none was interrupted. */
export async function placeReached(database: Queryable, correlationId: string): Promise<Place | null> {
  const [newest] = await database
    .select({ action: auditLogs.action, details: auditLogs.details })
    .from(auditLogs)
    .where(
      and(
        eq(auditLogs.correlationId, correlationId),
        inArray(auditLogs.action, ["event_replayed", "events_replayed"]),
      ),
    )
    .orderBy(desc(auditLogs.id))
    .limit(1);
  if (newest?.action !== "event_replayed") return null;
  const { eventId } = detailsSchema.parse(newest.details);
  const [event] = await database
    .select({ at: stripeEvents.receivedAt, id: stripeEvents.id })
    .from(stripeEvents)
    .where(eq(stripeEvents.id, eventId));
  return event ?? null;
}
