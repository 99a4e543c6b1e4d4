import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { IngestAnswer, IngestInput } from "@redress/core/webhooks/ingest";
import { z } from "zod";
import type { Chance } from "./chance.ts";
import type { Faults } from "./faults.ts";
import type { Life, Scheduler } from "./scheduler.ts";

/** Stripe tries for three days; the first of those tries are enough here. */
const retryAfterMs = [60_000, 600_000, 3_600_000, 3 * 3_600_000, 6 * 3_600_000];
const patienceMs = 20_000;

/** A process that may take webhooks now. */
export interface Doorstep {
  readonly life: Life;
  ingest(input: IngestInput): Promise<IngestAnswer>;
}

interface StripeEvent {
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

/** What Stripe sends, and the way it takes to the desk. */
export class WebhookNetwork {
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  readonly #chance: Chance;
  readonly #doorstep: () => Doorstep | null;
  readonly #arrived: string[] = [];
  #server: Server | undefined;
  #secret = "";
  #open = 0;

  constructor(given: {
    scheduler: Scheduler;
    faults: Faults;
    chance: Chance;
    doorstep: () => Doorstep | null;
  }) {
    this.#scheduler = given.scheduler;
    this.#faults = given.faults;
    this.#chance = given.chance;
    this.#doorstep = given.doorstep;
  }

  /** Starts the endpoint that Stripe knows; what comes there goes on in virtual time. @returns its address */
  async listen(): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.#arrived.push(Buffer.concat(chunks).toString("utf8"));
        response.end();
      });
    });
    server.keepAliveTimeout = 60_000;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.#server = server;
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the endpoint has no port");
    return `http://127.0.0.1:${address.port}/webhooks`;
  }

  set secret(secret: string) {
    this.#secret = secret;
  }

  /** Events on their way. */
  get open(): number {
    return this.#open;
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  /** Takes what Stripe has sent since the last time. The order in which it came in real time does not matter. */
  collect(): void {
    const events = this.#arrived.splice(0).map(readEvent);
    for (const event of events.toSorted((one, other) => (one.id < other.id ? -1 : 1))) this.#dispatch(event);
  }

  #dispatch(event: StripeEvent): void {
    this.#scheduler.tell(`Stripe sends ${event.type} (${event.id})`);
    const delayMs = this.#chance.between(5, 3_000);
    const isLate = this.#faults.strikes("webhook_late");
    const lateMs = isLate ? this.#chance.pick([30_000, 900_000, 4 * 3_600_000]) : 0;
    if (this.#faults.strikes("webhook_lost") && this.#chance.happens(0.5)) {
      this.#scheduler.tell(`  fault: webhook_lost, for good (${event.id})`);
    } else {
      this.#send(event, 0, delayMs + lateMs);
    }
    if (this.#faults.strikes("webhook_duplicate")) this.#send(event, 0, this.#chance.between(5, 20_000));
    if (this.#faults.strikes("webhook_redelivered"))
      this.#send(event, 0, this.#chance.between(60_000, 90_000_000));
  }

  #send(event: StripeEvent, tried: number, delayMs: number): void {
    this.#open += 1;
    this.#scheduler.at(this.#scheduler.nowMs + delayMs, null, () => {
      this.#scheduler.spawn("network", null, async () => {
        await this.#scheduler.external({
          life: null,
          label: `webhook ${event.type} (${event.id}), try ${tried + 1}`,
          run: async () => this.#arrive(event, tried),
        });
      });
    });
  }

  #arrive(event: StripeEvent, tried: number): void {
    const door = this.#doorstep();
    let isOver = false;
    const end = (isTaken: boolean) => {
      if (isOver) return;
      isOver = true;
      this.#open -= 1;
      const delayMs = retryAfterMs[tried];
      if (!isTaken && delayMs !== undefined) this.#send(event, tried + 1, delayMs);
    };
    if (door === null || (tried > 0 && this.#faults.strikes("webhook_lost"))) {
      end(false);
      return;
    }
    const isForged = this.#faults.strikes("webhook_badly_signed");
    const signature = this.#sign(event.body, isForged);
    this.#scheduler.at(this.#scheduler.nowMs + patienceMs, null, () => end(false));
    this.#scheduler.spawn(`webhook ${event.id}`, door.life, async () => {
      const { status } = await door.ingest({ rawBody: Buffer.from(event.body), signature });
      if (isForged && status === 200) throw new Error("a badly signed webhook was taken");
      end(status === 200);
    });
  }

  #sign(body: string, isForged: boolean): string {
    const timestamp = Math.floor(this.#scheduler.nowMs / 1000);
    const secret = isForged ? `${this.#secret}x` : this.#secret;
    return `t=${timestamp},v1=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
  }
}

const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
});

function readEvent(body: string): StripeEvent {
  const { id, type } = eventSchema.parse(JSON.parse(body));
  return { id, type, body };
}
