import { Connection } from "../load/connection.ts";
import { requestOf } from "../load/send-events.ts";
import type { ReceivingApps } from "../receiving-apps.ts";
import type { Delivered } from "../stripe.ts";

/** An app is told within milliseconds, or something is broken. */
const patienceMs = 30_000;

/**
 * Posts events of refunds one at a time, each after the app was told of the one before: how long it takes on
 * a quiet system from the first byte of the webhook to the arrival at the app.
 *
 * @returns milliseconds, one for each event
 * @throws Error when an event is refused, or an app is not told
 */
export async function measureTold(
  target: { url: string; secret: string },
  events: readonly Delivered[],
  receiving: ReceivingApps,
): Promise<number[]> {
  const url = new URL(target.url);
  const connection = new Connection(url);
  const measured: number[] = [];
  for (const { event, body } of events) {
    const refundId = (event.data.object as { id: string }).id;
    const arrival = within(receiving.told(refundId), `The app was not told of ${refundId}`);
    const sent = performance.now();
    const status = await connection.send(requestOf(url, body, target.secret));
    if (status !== 200) throw new Error(`Redress answered ${status} to the event ${event.id}.`);
    measured.push((await arrival) - sent);
  }
  connection.close();
  return measured;
}

async function within<Value>(promise: Promise<Value>, failure: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${failure} for ${patienceMs / 1_000} seconds.`)), patienceMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
