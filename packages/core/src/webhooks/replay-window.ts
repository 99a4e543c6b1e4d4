import { apps, stripeEvents, type Transaction } from "@redress/database";
import { and, asc, eq, getTableColumns, inArray, not, type SQL, sql } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { routedTypes } from "../workflows/stripe-event-routes.ts";
import { accountsInScope, appOwnsEvent, ofAccounts } from "./event-scope.ts";
import { type EventWindow, ofType, received } from "./list-events.ts";
import { replayLocked } from "./replay-event.ts";
import { type Place, placeReached, windowCorrelation } from "./replay-place.ts";

export interface WindowCount {
  /** What is left to be handled again. */
  readonly replayable: number;
  /** Of types, or of a mode, that nothing is done about. */
  readonly ignored: number;
  /** A replay of this window was interrupted, and is gone on with. */
  readonly resumed: boolean;
}

const batchSize = 100;

/**
 * What a replay of this window would do.
 *
 * @throws RedressError `app_not_found`, `invalid_input` for an empty window
 */
export async function countWindow(
  dependencies: Pick<Dependencies, "database" | "settings" | "clock">,
  input: { window: EventWindow; actor: Actor },
): Promise<WindowCount> {
  const { database } = dependencies;
  const { inWindow, replayable } = await conditions(dependencies, input.window);
  const place = await placeReached(database, windowCorrelation(input));
  const [counts] = await database
    .select({
      replayable: sql`count(*) filter (where ${replayable})`.mapWith(Number),
      ignored: sql`count(*) filter (where ${not(replayable)})`.mapWith(Number),
    })
    .from(stripeEvents)
    .where(and(inWindow, after(place)));
  return {
    replayable: counts?.replayable ?? 0,
    ignored: counts?.ignored ?? 0,
    resumed: place !== null,
  };
}

export interface WindowStep {
  readonly replayed: number;
  /** Whose body was removed at the end of its retention. */
  readonly skipped: number;
  readonly done: boolean;
}

/**
 * Has the next events of a window handled again, oldest first, each with its entry in the log. Where it stands
 * is read from that log, so the same call goes on with what was interrupted, in any process, until `done`.
 *
 * @throws RedressError `app_not_found`, `invalid_input` for an empty window
 */
export async function replayWindow(
  dependencies: Dependencies,
  input: { window: EventWindow; actor: Actor },
): Promise<WindowStep> {
  const { database } = dependencies;
  const given = await conditions(dependencies, input.window);
  const correlationId = windowCorrelation(input);
  const start = await placeReached(database, correlationId);
  let place = start;
  let replayed = 0;
  let skipped = 0;
  // A batch that left no entry would be met again.
  for (;;) {
    const batch = await database.transaction((transaction) =>
      replayBatch(dependencies, transaction, {
        where: and(given.inWindow, given.replayable, after(place)),
        actor: input.actor,
        correlationId,
      }),
    );
    dependencies.wakeOutbox();
    replayed += batch.replayed;
    skipped += batch.size - batch.replayed;
    place = batch.last ?? place;
    if (batch.size < batchSize) {
      if (start !== null || replayed > 0) await recordEnd(dependencies, input, correlationId);
      return { replayed, skipped, done: true };
    }
    if (batch.replayed > 0) return { replayed, skipped, done: false };
  }
}

async function replayBatch(
  dependencies: Dependencies,
  transaction: Transaction,
  input: { where: SQL | undefined; actor: Actor; correlationId: string },
): Promise<{ size: number; replayed: number; last: Place | undefined }> {
  const { actor, correlationId } = input;
  const rows = await transaction
    .select({ event: getTableColumns(stripeEvents), appId: apps.id })
    .from(stripeEvents)
    .leftJoin(apps, appOwnsEvent)
    .where(input.where)
    .orderBy(asc(stripeEvents.receivedAt), asc(stripeEvents.id))
    .limit(batchSize)
    .for("update", { of: stripeEvents });
  let replayed = 0;
  for (const row of rows) {
    if (await replayLocked(dependencies, transaction, { ...row, actor, correlationId })) replayed += 1;
  }
  const last = rows.at(-1)?.event;
  return { size: rows.length, replayed, last: last && { at: last.receivedAt, id: last.id } };
}

async function conditions(
  { database, settings, clock }: Pick<Dependencies, "database" | "settings" | "clock">,
  window: EventWindow,
) {
  const { since, until = clock.now(), type, status, label } = window;
  if (since >= until) {
    throw new RedressError("invalid_input", "The window is empty: give a start before its end.");
  }
  const accounts = await accountsInScope(database, window);
  const { livemode, labels } = stripeEvents;
  const inWindow = and(
    received(since, until),
    ofType(stripeEvents.type, type),
    status === undefined ? undefined : eq(stripeEvents.status, status),
    label === undefined ? undefined : sql`${label} = any(${labels})`,
    ofAccounts(accounts),
  );
  const ourMode = eq(livemode, settings.mode === "live");
  const replayable = sql`(${inArray(stripeEvents.type, [...routedTypes])} and ${ourMode})`;
  return { inWindow, replayable };
}

function after(place: Place | null): SQL | undefined {
  if (place === null) return undefined;
  const { receivedAt, id } = stripeEvents;
  const at = place.at.toISOString();
  return and(
    sql`${receivedAt} >= ${at}::timestamptz`,
    sql`(${receivedAt}, ${id}) > (${at}::timestamptz, ${place.id})`,
  );
}

/** From here on the same question is a new replay. */
async function recordEnd(
  dependencies: Dependencies,
  { window, actor }: { window: EventWindow; actor: Actor },
  correlationId: string,
): Promise<void> {
  const { since, until, app, type, status, label } = window;
  await dependencies.database.transaction((transaction) =>
    recordAudit(dependencies, transaction, {
      actor,
      action: "events_replayed",
      correlationId,
      details: { since, until, app, type, status, label },
    }),
  );
}
