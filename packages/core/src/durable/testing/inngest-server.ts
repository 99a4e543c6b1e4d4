import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { evaluate } from "@marcbachmann/cel-js";
import { z } from "zod";
import {
  drive,
  eventSchema,
  functionSchema,
  type RegisteredFunction,
  type TakenEvent,
} from "./inngest-run.ts";
import { hashSigningKey } from "./inngest-signature.ts";

export interface InngestTestServer {
  readonly origin: string;
  readonly eventKey: string;
  readonly signingKey: string;
  /** The functions that were registered last. */
  readonly functions: readonly RegisteredFunction[];
  /** All that was acknowledged, lost or not. */
  readonly events: readonly TakenEvent[];
  /** Acknowledges the next event and forgets it, as a server does that is killed right afterwards. */
  loseNext(): void;
  close(): Promise<void>;
}

/** As Inngest Cloud's smallest plan. */
const largestEventBytes = 256 * 1024;
const registrationSchema = z.object({
  appName: z.string(),
  url: z.url(),
  functions: z.array(functionSchema),
});

/**
 * Stands for the Inngest server: takes registrations and events over HTTP, and runs the functions by signed
 * calls to where they are served. Written from reading the SDK (inngest 4.24.0) and Inngest's public
 * documentation, not from its server, against which this was never compared. What our functions do not use
 * (parallel steps, checkpointing, crons, waiting for events, batches) it refuses.
 */
export async function startInngestServer(
  options: { retryDelayMs?: number } = {},
): Promise<InngestTestServer> {
  const [eventKey, signingKey] = ["test-event-key", `signkey-test-${"0123456789abcdef".repeat(4)}`];
  const state = { functions: [] as RegisteredFunction[], events: [] as TakenEvent[], lost: 0, runs: 0 };
  const seen = new Set<string>();
  const turns = createTurns();

  function take(event: TakenEvent): void {
    state.events.push(event);
    if (seen.has(event.id)) return;
    seen.add(event.id);
    if (state.lost > 0) state.lost -= 1;
    else
      for (const served of state.functions.filter((candidate) => isTriggered(candidate, event)))
        start(served, event);
  }

  function start(served: RegisteredFunction, event: TakenEvent): void {
    state.runs += 1;
    const id = `run_${state.runs}`;
    const keys = served.concurrency.map(({ scope, key }) => {
      const holder = scope === "env" ? "env" : served.id;
      return `${holder}:${String(evaluate(key, { event }))}`;
    });
    const inTurn = <Result>(work: () => Promise<Result>) => turns(keys, work);
    const retryDelayMs = options.retryDelayMs ?? 5;
    const url = () => {
      const latest = state.functions.find((candidate) => candidate.id === served.id) ?? served;
      return latest.steps.step.runtime.url;
    };
    void drive({ id, served, url, event, signingKey, retryDelayMs, inTurn }).then((outcome) => {
      if (outcome.kind === "done" || event.name === "inngest/function.failed") return;
      const data = { function_id: served.id, run_id: id, error: outcome.error, event };
      take({ id: `failed_${id}`, name: "inngest/function.failed", ts: Date.now(), data });
    });
  }

  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request, { state, eventKey, signingKey, take });
    send(response, status, body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    eventKey,
    signingKey,
    get functions() {
      return state.functions;
    },
    events: state.events,
    loseNext() {
      state.lost += 1;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

interface Intake {
  readonly state: { functions: RegisteredFunction[] };
  readonly eventKey: string;
  readonly signingKey: string;
  take(event: TakenEvent): void;
}

async function answer(request: IncomingMessage, intake: Intake): Promise<{ status: number; body: object }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (request.method === "POST" && request.url?.startsWith("/e/")) return takeEvents(request, text, intake);
  if (request.method === "POST" && request.url?.startsWith("/fn/register")) {
    if (request.headers.authorization !== `Bearer ${hashSigningKey(intake.signingKey)}`) {
      return { status: 401, body: { error: "Invalid signing key" } };
    }
    intake.state.functions = registrationSchema.parse(JSON.parse(text)).functions;
    return { status: 200, body: { ok: true, modified: true } };
  }
  return { status: 404, body: { error: "nothing here" } };
}

function takeEvents(
  request: IncomingMessage,
  text: string,
  { eventKey, take }: Intake,
): { status: number; body: object } {
  if (request.url !== `/e/${eventKey}`)
    return { status: 401, body: { error: "Event key not found", status: 401 } };
  const events = z.array(eventSchema).parse(JSON.parse(text));
  if (events.some((event) => Buffer.byteLength(JSON.stringify(event)) > largestEventBytes)) {
    return { status: 413, body: { error: "Event payload too large", status: 413 } };
  }
  for (const event of events) take(event);
  return { status: 200, body: { ids: events.map(({ id }) => id), status: 200 } };
}

function isTriggered({ triggers }: RegisteredFunction, event: TakenEvent): boolean {
  return triggers.some(({ event: name, expression }) => {
    return name === event.name && (expression === undefined || evaluate(expression, { event }) === true);
  });
}

/** Those who name the same key wait for each other, in their order. */
function createTurns() {
  const lines = new Map<string, Promise<unknown>>();
  return async <Result>(keys: readonly string[], work: () => Promise<Result>): Promise<Result> => {
    const turn = Promise.all(keys.map((key) => lines.get(key))).then(work);
    const settled = turn.catch(() => {});
    for (const key of keys) lines.set(key, settled);
    return turn;
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
