import { once } from "node:events";
import { createServer } from "node:http";
import type { Dependencies } from "@redress/core/dependencies";
import { createSecretBox } from "@redress/core/secret-box";
import { ingestWebhook } from "@redress/core/webhooks/ingest";
import { connectDatabase, outboxMessages, stripeEvents } from "@redress/database";
import { answerWebhook } from "../../apps/web/src/http/webhook-endpoint.ts";
import { Chance } from "./chance.ts";
import type { Body } from "./events.ts";
import { type FuzzRequest, makeRequest, secrets } from "./requests.ts";
import { createSender } from "./send.ts";

export interface FuzzResult {
  readonly requests: number;
  /** How often each status was answered; `none` where the sender hung up. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** What was not as it has to be, in words. */
  readonly violations: readonly string[];
  /** Events in the inbox. */
  readonly stored: number;
  readonly seed: number;
}

const connections = 32;
/** Of these a later request may be a repetition. */
const remembered = 1_000;
const now = new Date("2026-11-23T12:00:00Z");
const seconds = now.getTime() / 1000;

/**
 * Sends generated requests to the webhook endpoint, over HTTP, and holds every answer, every line of the log
 * and every row against what it has to be.
 *
 * @param given.connectionString an empty, migrated database
 */
export async function fuzz(given: {
  connectionString: string;
  requests: number;
  seed: number;
  onProgress?: (done: number) => void;
}): Promise<FuzzResult> {
  const chance = new Chance(given.seed);
  const connection = connectDatabase({ connectionString: given.connectionString });
  const log: string[] = [];
  const endpoint = await openEndpoint(connection.database, chance, log);
  const sender = createSender(endpoint.port, connections);
  const run = new Run(given.seed);
  let started = 0;
  const work = async () => {
    while (started < given.requests) {
      started += 1;
      const request = makeRequest(chance, { id: `evt_${started}`, seconds, acknowledged: run.acknowledged });
      run.judge(request, await sender.send(request));
      if (run.done % 1_000 === 0) given.onProgress?.(run.done);
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  sender.close();
  await endpoint.close();
  run.judgeLog(log);
  const { database } = connection;
  const { id, payload } = stripeEvents;
  run.judgeInbox(await database.select({ id, payload }).from(stripeEvents));
  run.judgeOutbox(await database.select({ factKey: outboxMessages.factKey }).from(outboxMessages));
  await connection.close();
  return run.result(given);
}

class Run {
  readonly acknowledged: Body[] = [];
  readonly #seed: number;
  readonly #violations: string[] = [];
  readonly #byStatus: Record<string, number> = {};
  readonly #stored = new Map<string, { payload: string; queued: boolean }>();
  #lines = 0;
  #inInbox = 0;
  done = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  judge(request: FuzzRequest, status: number | null): void {
    this.done += 1;
    const name = String(status ?? "none");
    this.#byStatus[name] = (this.#byStatus[name] ?? 0) + 1;
    this.#lines += request.lines;
    const hungUp = request.way === "cut" && status === null;
    if (status !== request.status && !hungUp) {
      this.#violations.push(`${request.kind}: answered ${name} and not ${request.status}`);
    }
    if (request.stored === null || status !== 200) return;
    const { body, queued } = request.stored;
    this.#stored.set(body.id, { payload: body.bytes.toString(), queued });
    this.acknowledged.push(body);
    if (this.acknowledged.length > remembered) this.acknowledged.shift();
  }

  judgeLog(log: readonly string[]): void {
    if (log.length === this.#lines) return;
    this.#violations.push(`the log has ${log.length} lines and not ${this.#lines}`);
  }

  judgeInbox(rows: readonly { id: string; payload: string }[]): void {
    this.#inInbox = rows.length;
    const found = new Map(rows.map(({ id, payload }) => [id, payload]));
    for (const [id, { payload }] of this.#stored) {
      if (found.get(id) !== payload) this.#violations.push(`${id} was acknowledged and is not in the inbox`);
    }
    for (const id of found.keys()) {
      if (!this.#stored.has(id)) this.#violations.push(`${id} is in the inbox and was not acknowledged`);
    }
  }

  judgeOutbox(rows: readonly { factKey: string }[]): void {
    const queued = [...this.#stored].filter(([, event]) => event.queued).map(([id]) => `stripe-event:${id}`);
    const found = new Set(rows.map(({ factKey }) => factKey));
    for (const key of queued) if (!found.delete(key)) this.#violations.push(`${key} is not queued`);
    for (const key of found) this.#violations.push(`${key} is queued`);
  }

  result({ requests }: { requests: number }): FuzzResult {
    const [violations, byStatus, stored, seed] = [
      this.#violations,
      this.#byStatus,
      this.#inInbox,
      this.#seed,
    ];
    return { requests, byStatus, violations, stored, seed };
  }
}

async function openEndpoint(database: Dependencies["database"], chance: Chance, log: string[]) {
  const note = (_facts: object, sentence: string) => void log.push(sentence);
  const dependencies = {
    database,
    clock: { now: () => now },
    random: { bytes: (count: number) => chance.bytes(count) },
    secrets: createSecretBox("a key for this run that is long enough"),
    logger: { debug: note, info: note, warn: note, error: note },
    settings: {
      publicUrl: "http://127.0.0.1:3000",
      mode: "test" as const,
      eventRetentionDays: 90,
      stripe: {
        clientId: "ca_1",
        publishableKey: "pk_test_1",
        connectOrigin: "https://connect.stripe.com",
        platformWebhookSecrets: secrets.platform,
        connectWebhookSecrets: secrets.connect,
      },
    },
    wakeOutbox: () => {},
  };
  const ingest = (input: Parameters<typeof ingestWebhook>[1]) => ingestWebhook(dependencies, input);
  const server = createServer((request, response) => {
    answerWebhook({ ingest, dependencies }, request, response).catch((error: unknown) => {
      note({}, `A request could not be answered: ${String(error)}`);
      response.writeHead(500, { Connection: "close" }).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the endpoint has no port");
  return {
    port: address.port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
