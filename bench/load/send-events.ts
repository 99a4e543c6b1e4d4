import { createHmac } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Connection, NoAnswer } from "./connection.ts";
import { createEventSource, type EventTemplate } from "./event-source.ts";

export interface LoadJob {
  /** Where events are posted to. */
  readonly url: string;
  /** `whsec_…`, with which they are signed. */
  readonly secret: string;
  readonly connections: number;
  /** Ends after so many seconds, or once so many events are acknowledged, whichever comes first. */
  readonly seconds?: number;
  readonly events?: number;
  /** Makes this job's event ids its own. */
  readonly prefix: string;
}

export interface LoadResult {
  /** Ids of the events that were answered with 2xx, in the order of the answers. */
  readonly acknowledged: readonly string[];
  /** Of each acknowledged event, from the writing of the request to the end of the answer. */
  readonly latenciesMs: Float64Array;
  /** Events acknowledged before the time was up: of the first ones of the two lists. */
  readonly inTime: number;
  readonly elapsedSeconds: number;
  /** How often each status came; 0 for no answer. */
  readonly statuses: Readonly<Record<number, number>>;
}

/** After a lost connection: a server that is away is asked again soon, and not in a busy loop. */
const pauseAfterLossMs = 20;

/**
 * Posts signed events over a fixed number of connections, each of which sends the next event once the one
 * before was answered. An event that is not acknowledged is not sent again.
 */
export async function sendEvents(job: LoadJob, templates: readonly EventTemplate[]): Promise<LoadResult> {
  const url = new URL(job.url);
  const next = createEventSource(templates, job.prefix);
  const started = performance.now();
  const deadline = started + (job.seconds ?? Number.POSITIVE_INFINITY) * 1_000;
  const wanted = job.events ?? Number.POSITIVE_INFINITY;
  const [acknowledged, latencies]: [string[], number[]] = [[], []];
  const statuses: Record<number, number> = {};
  let [inTime, underWay] = [0, 0];

  const sendAll = async () => {
    const connection = new Connection(url);
    while (performance.now() < deadline && acknowledged.length + underWay < wanted) {
      const { id, body } = next();
      const request = requestOf(url, body, job.secret);
      const sent = performance.now();
      underWay += 1;
      const status = await connection.send(request).catch(noAnswer);
      underWay -= 1;
      const answered = performance.now();
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status >= 200 && status < 300) {
        acknowledged.push(id);
        latencies.push(answered - sent);
        if (answered <= deadline) inTime += 1;
      } else await pause(pauseAfterLossMs);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: job.connections }, sendAll));
  const elapsedSeconds = (Math.min(performance.now(), deadline) - started) / 1_000;
  return { acknowledged, latenciesMs: Float64Array.from(latencies), inTime, elapsedSeconds, statuses };
}

function noAnswer(error: unknown): 0 {
  if (error instanceof NoAnswer) return 0;
  throw error;
}

/** A request as Stripe posts it. Bodies are ASCII, so that characters are bytes. */
export function requestOf(url: URL, body: string, secret: string): string {
  const timestamp = Math.floor(Date.now() / 1_000);
  const mac = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nUser-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\nAccept: */*; q=0.5, application/xml\r\nContent-Type: application/json; charset=utf-8\r\nStripe-Signature: t=${timestamp},v1=${mac}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
