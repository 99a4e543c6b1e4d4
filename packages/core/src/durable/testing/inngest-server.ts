import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { eventSchema, functionSchema, type RegisteredFunction, type TakenEvent } from "./inngest-run.ts";
import { createInngestScheduler, type InngestScheduler } from "./inngest-scheduler.ts";
import { hashSigningKey } from "./inngest-signature.ts";
import { listen } from "./listen.ts";

export interface InngestTestServer {
  readonly origin: string;
  readonly eventKey: string;
  readonly signingKey: string;
  /** The functions that were registered last. */
  functions(): readonly RegisteredFunction[];
  /** All that was acknowledged, lost or not. */
  readonly events: readonly TakenEvent[];
  /** Acknowledges the next event and forgets it, as a server does that is killed right afterwards. */
  loseNext(): void;
  /** Knows no function any more, as a server without a disk that was started anew. */
  forgetFunctions(): void;
  /** Answers registrations with a server's error from now on, or no longer. */
  refuseRegistrations(refuse: boolean): void;
  close(): Promise<void>;
}

const eventKey = "test-event-key";
const signingKey = `signkey-test-${"0123456789abcdef".repeat(4)}`;
/** As Inngest Cloud's smallest plan. */
const largestEventBytes = 256 * 1024;
/** As a newer self-hosted server. */
const largestRequestBytes = 3 * 1024 * 1024;
const registrationSchema = z.object({
  appName: z.string(),
  url: z.url(),
  functions: z.array(functionSchema),
});

/**
 * Stands for the Inngest server: takes registrations and events over HTTP, and runs the functions by signed
 * calls to where they are served. Written from reading the SDK (inngest 4.24.0) and Inngest's public
 * documentation, not from its server, with which this was never compared. What our functions do not use
 * (parallel steps, checkpointing, crons, waiting for events, batches) it refuses.
 *
 * @param options.retryDelayMs before the second try of a step; 5 unless told, doubles from there
 */
export async function startInngestServer(
  options: { retryDelayMs?: number } = {},
): Promise<InngestTestServer> {
  const scheduler = createInngestScheduler({ signingKey, retryDelayMs: options.retryDelayMs ?? 5 });
  let refusing = false;
  const { origin, close } = await listen(async (request, response) => {
    const away = refusing && request.url?.startsWith("/fn/register") === true;
    const { status, body } = away
      ? { status: 500, body: { error: "away", status: 500 } }
      : await answer(request, scheduler);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  const { events, loseNext } = scheduler;
  return {
    origin,
    eventKey,
    signingKey,
    functions: () => scheduler.functions,
    events,
    loseNext,
    forgetFunctions() {
      scheduler.functions = [];
    },
    refuseRegistrations(refuse) {
      refusing = refuse;
    },
    close,
  };
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

async function answer(request: IncomingMessage, scheduler: InngestScheduler): Promise<Answer> {
  const { method, url = "", headers } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (method === "POST" && url.startsWith("/e/")) return takeEvents(url.slice(3), text, scheduler);
  if (method !== "POST" || !url.startsWith("/fn/register"))
    return { status: 404, body: { error: "Not found" } };
  if (headers.authorization !== `Bearer ${hashSigningKey(signingKey)}`) {
    return { status: 401, body: { error: "Invalid signing key", status: 401 } };
  }
  scheduler.functions = registrationSchema.parse(JSON.parse(text)).functions;
  return { status: 200, body: { ok: true, modified: true } };
}

function takeEvents(key: string, text: string, scheduler: InngestScheduler): Answer {
  if (key !== eventKey) return { status: 401, body: { error: "Event key not found", status: 401 } };
  const events = z.array(eventSchema).parse(JSON.parse(text));
  const tooLarge = events.some((event) => Buffer.byteLength(JSON.stringify(event)) > largestEventBytes);
  if (tooLarge || Buffer.byteLength(text) > largestRequestBytes) {
    return { status: 413, body: { error: "Event payload too large", status: 413 } };
  }
  for (const event of events) scheduler.take(event);
  return { status: 200, body: { ids: events.map(({ id }) => id), status: 200 } };
}
