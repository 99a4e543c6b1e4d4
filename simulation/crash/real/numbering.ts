import { writeSync } from "node:fs";
import type { Dependencies } from "@redress/core/dependencies";
import type pg from "pg";
import { labelOf } from "../../database.ts";

/** How long nothing but the relay's own looks may happen before the numbering begins. */
const quietMs = 400;

/** What the relay asks every second although nothing is to be done. */
const looks = new Set([
  "update outbox_messages for update",
  "update outbox_messages",
  "select outbox_messages",
]);

/**
 * Numbers the external calls of this process, from `open` on, and kills it with SIGKILL before or after one.
 * A call is named by its kind and how often that came: `commit #2`. What goes on at the same time may come in
 * another order, and still has its name.
 */
export class Numbering {
  readonly #kill: string;
  readonly #counts = new Map<string, number>();
  #isOpen = false;
  #busyAt = Date.now();
  #whenQuiet: (() => void)[] = [];

  /** @param kill e.g. `before commit #2`; empty to number only */
  constructor(kill: string) {
    this.#kill = kill;
  }

  /** Begins at a moment when only this request is under way. */
  async open(): Promise<void> {
    if (this.#isOpen) return;
    await new Promise<void>((resolve) => this.#whenQuiet.push(resolve));
    this.#isOpen = true;
  }

  async call<Answer>(label: string, run: () => Promise<Answer>): Promise<Answer> {
    if (!this.#isOpen) {
      const answer = await run();
      this.#noteQuiet(label);
      return answer;
    }
    const count = (this.#counts.get(label) ?? 0) + 1;
    this.#counts.set(label, count);
    const name = `${label} #${count}`;
    writeSync(1, `call ${name}\n`);
    if (this.#kill === `before ${name}`) await die(name);
    try {
      return await run();
    } finally {
      if (this.#kill === `after ${name}`) await die(name);
    }
  }

  /** Puts itself between the desk and everything outside it, but for the engine's own tables. */
  install(dependencies: Dependencies & { database: { $client: pg.Pool } }): void {
    this.#installPool(dependencies.database.$client);
    const { outbound } = dependencies;
    Object.assign(dependencies, {
      outbound: {
        post: (request: Parameters<typeof outbound.post>[0]) =>
          this.call("tells the app", () => outbound.post(request)),
      },
    });
  }

  /** The `stripe` client takes `fetch` where it finds it: install this before there is one. */
  installFetch(): void {
    const send = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      return this.call(`${init?.method ?? "GET"} ${url.pathname}`, () => send(input, init));
    };
  }

  #installPool(pool: pg.Pool): void {
    const query: AnyFunction = pool.query.bind(pool);
    const connect: AnyFunction = pool.connect.bind(pool);
    const seen = new WeakSet<object>();
    const watch = (client: pg.PoolClient) => {
      if (seen.has(client)) return client;
      seen.add(client);
      const ask: AnyFunction = client.query.bind(client);
      Object.assign(client, { query: (...given: unknown[]) => this.#numberUnlessCallback(ask, given) });
      return client;
    };
    Object.assign(pool, {
      query: (...given: unknown[]) => this.#numberUnlessCallback(query, given),
      connect: async (...given: unknown[]) =>
        // With a callback it is the pool's own `query` that connects.
        given.length > 0 ? connect(...given) : watch((await connect()) as pg.PoolClient),
    });
  }

  #numberUnlessCallback(ask: AnyFunction, given: unknown[]): unknown {
    if (typeof given.at(-1) === "function") return ask(...given);
    return this.call(labelOf(given[0]), async () => ask(...given));
  }

  /** The last of the relay's looks is over, and nothing else has happened for a while. */
  #noteQuiet(label: string): void {
    if (!looks.has(label)) this.#busyAt = Date.now();
    if (label !== "select outbox_messages" || Date.now() - this.#busyAt < quietMs) return;
    for (const resolve of this.#whenQuiet.splice(0)) resolve();
  }
}

type AnyFunction = (...given: unknown[]) => unknown;

function die(name: string): Promise<never> {
  writeSync(1, `dies ${name}\n`);
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}
