import type { Evidence } from "./evidence.ts";

/** Longer than the lease of a call, by which one that was begun before a stop must have left or never leaves. */
const underWayMs = 60_000;

/** The stop switch holds: once it was confirmed, no call that creates is begun for the app, nor is one answered long after. */
export async function judgeStops({ world, rows, made, told }: Evidence): Promise<void> {
  if (world.memory.stops.length === 0) return;
  const begun = await world.database.query<{ app_id: string; refund_id: string; started_at: Date }>(
    `select r.app_id, a.refund_id, a.started_at from refund_attempts a join refunds r on r.id = a.refund_id
      where a.kind = 'create'`,
  );
  const appOf = new Map(rows.map(({ id, app_id }) => [id, app_id]));
  for (const { appId, fromMs, untilMs } of world.memory.stops) {
    const isWithin = (atMs: number) => atMs > fromMs && atMs < (untilMs ?? Number.POSITIVE_INFINITY);
    for (const { app_id, refund_id, started_at } of begun) {
      if (app_id === appId && isWithin(started_at.getTime())) {
        told(
          2,
          `a call for ${refund_id} was begun at ${started_at.toISOString()}, while refunds of ${appId} were stopped`,
        );
      }
    }
    for (const { id, refundId, sentMs } of made.values()) {
      if (appOf.get(refundId) === appId && sentMs > fromMs + underWayMs && isWithin(sentMs)) {
        told(2, `${id} was asked for while refunds of ${appId} were stopped`);
      }
    }
  }
}
