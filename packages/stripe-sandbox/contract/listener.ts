import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import Stripe from "stripe";
import { onTestFinished } from "vitest";
import type { Target } from "./target.ts";

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

/** What the listener answers; `drop` ends the connection without a word. */
export type Responder = (request: Received, index: number) => Answer | "drop";

/** A plain HTTP server that keeps every request it gets, byte for byte. */
export class Listener {
  readonly received: Received[] = [];
  readonly #server: Server;
  readonly #respond: Responder;
  #waiting: { count: number; resolve: () => void }[] = [];

  constructor(respond: Responder = () => ({})) {
    this.#respond = respond;
    this.#server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const { method = "", url = "", headers } = incoming;
        this.#keep({ method, path: url, headers, body: Buffer.concat(chunks).toString("utf8") }, response);
      });
    });
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => this.close());
    return this;
  }

  get origin(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The listener is not open.");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Resolves as soon as `count` requests have come in. */
  async reached(count: number): Promise<void> {
    if (this.received.length >= count) return;
    await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #keep(request: Received, response: ServerResponse): void {
    const answer = this.#respond(request, this.received.length);
    this.received.push(request);
    if (answer === "drop") response.destroy();
    else {
      const { status = 200, headers = { "Content-Type": "application/json" }, body = "{}" } = answer;
      response.writeHead(status, headers).end(status === 204 ? undefined : body);
    }
    const ready = this.#waiting.filter(({ count }) => this.received.length >= count);
    this.#waiting = this.#waiting.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
  }
}

/** A webhook endpoint of the sandbox together with the server behind it. */
export interface Endpoint {
  id: string;
  secret: string;
  listener: Listener;
  /** Events as delivered, oldest first, each one verified. */
  events(): Stripe.Event[];
  /** Waits until nothing is due, then answers the types as delivered. */
  types(): Promise<string[]>;
}

export interface EndpointOptions {
  connect?: boolean;
  enabled_events?: Stripe.WebhookEndpointCreateParams["enabled_events"];
  respond?: Responder;
}

/** Registers a webhook endpoint that lives as long as the running test. Connect endpoint unless told otherwise. */
export async function endpoint(target: Target, options: EndpointOptions = {}): Promise<Endpoint> {
  const listener = await new Listener(options.respond).open();
  const created = await target.stripe.webhookEndpoints.create({
    url: `${listener.origin}/webhooks`,
    enabled_events: options.enabled_events ?? ["*"],
    connect: options.connect ?? true,
  });
  onTestFinished(async () => {
    await target.stripe.webhookEndpoints.del(created.id).catch(() => undefined);
  });
  const { id, secret = "" } = created;
  const events = () => listener.received.map((request) => verified(request, secret));
  return {
    id,
    secret,
    listener,
    events,
    types: async () => {
      await target.admin.drain();
      return events().map((event) => event.type);
    },
  };
}

/** The event of a delivery. @throws StripeSignatureVerificationError when it is not signed with `secret`. */
export function verified(request: Received, secret: string): Stripe.Event {
  return Stripe.webhooks.constructEvent(request.body, signature(request), secret);
}

/** The id of what an event is about. */
export function subject(event: Stripe.Event): string {
  const { object } = event.data;
  if (!("id" in object) || typeof object.id !== "string")
    throw new Error(`${event.type} is about nothing with an id.`);
  return object.id;
}

export function signature(request: Received): string {
  const header = request.headers["stripe-signature"];
  if (typeof header !== "string") throw new Error("The delivery carries no Stripe-Signature header.");
  return header;
}
