import type { Dependencies, Logger } from "@redress/core/dependencies";
import { recordFailure } from "@redress/core/outbox/record-failure";
import { createOutboxRelay } from "@redress/core/outbox/relay";
import { createSecretBox } from "@redress/core/secret-box";
import { ingestWebhook } from "@redress/core/webhooks/ingest";
import { allWorkflows } from "@redress/core/workflows/index";
import { sweep } from "@redress/core/workflows/sweep";
import { outboxMessages } from "@redress/database";
import type { Sandbox } from "@redress/stripe-sandbox";
import { isNotNull, min } from "drizzle-orm";
import type { Chance } from "./chance.ts";
import type { SimulatedPool, SimulationDatabase } from "./database.ts";
import { createSimulatedEngine, type EngineStorage } from "./engine.ts";
import type { Faults } from "./faults.ts";
import { createOutboundNetwork, type ReceivingApp } from "./receiving-apps.ts";
import type { Life, Scheduler } from "./scheduler.ts";
import type { StripeNetwork } from "./stripe-network.ts";
import type { Doorstep } from "./webhook-network.ts";

const minute = 60_000;
const hour = 60 * minute;

/** One process of the desk: the same parts as in production, on simulated surroundings. */
export interface Process extends Doorstep {
  readonly dependencies: Dependencies;
}

/** What the desk stands in: a World is one. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly database: SimulationDatabase;
  readonly faults: Faults;
  readonly storage: EngineStorage;
  readonly stripe: StripeNetwork;
  readonly sandbox: Sandbox;
  readonly apps: ReadonlyMap<string, ReceivingApp>;
  readonly chance: Chance;
  readonly webhookSecret: string;
}

/** The desk as an installation: a process that may die and be started again on the same database. */
export class Desk {
  readonly #world: Surroundings;
  readonly #secrets = createSecretBox("a key for the simulation, long enough");
  #running: (Process & { pool: SimulatedPool }) | null = null;
  #count = 0;
  /** The newest sweep that was planned is the only one. */
  #sweeps = 0;
  /** Everything that was logged: no secret may stand in it. */
  readonly log: string[] = [];
  /** While people and Stripe keep it busy, it sweeps often. */
  busyUntilMs = 0;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  get process(): Process | null {
    return this.#running;
  }

  async start(): Promise<void> {
    if (this.#running !== null) return;
    this.#count += 1;
    const { scheduler, database, faults, storage } = this.#world;
    const life: Life = { name: `process ${this.#count}`, alive: true };
    scheduler.tell(`${life.name} starts`);
    const pool = database.openPool({
      scheduler,
      life,
      fault: () => {
        const struck = faults.first(["database_cut_before", "database_cut_after"]);
        if (struck === undefined) return "none";
        scheduler.tell(`  fault: ${struck}`);
        return struck === "database_cut_before" ? "cut_before" : "cut_after";
      },
    });
    let wake = () => {};
    const dependencies = this.#dependencies(life, pool, () => wake());
    // Nobody else's stretch ends before a lease does, so looking each half second would show nothing.
    const pause = (milliseconds: number) =>
      scheduler.sleep(Math.max(milliseconds, 5_000), life, "the pause of an import is over");
    const engine = createSimulatedEngine({
      storage,
      scheduler,
      life,
      faults,
      chance: this.#world.chance,
      workflows: allWorkflows(dependencies, { imports: { parallel: 1, pause } }),
      onFailure: (failure) => recordFailure(dependencies, failure),
    });
    wake = this.#relay(life, dependencies, engine);
    this.#running = {
      life,
      pool,
      dependencies,
      ingest: (input) => ingestWebhook(dependencies, input),
    };
    this.busyUntilMs = Math.max(this.busyUntilMs, scheduler.nowMs + 5 * minute);
    await engine.start();
    wake();
    this.#sweepAgain(life, dependencies, 0);
  }

  async die(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    await this.#world.scheduler.end(running.life);
    await running.pool.end();
  }

  #dependencies(life: Life, pool: SimulatedPool, wakeOutbox: () => void): Dependencies {
    const { scheduler, stripe, sandbox, faults, apps, chance, webhookSecret } = this.#world;
    const note = (facts: object, sentence: string) => {
      this.log.push(`${sentence} ${JSON.stringify(facts, showErrors)}`);
      scheduler.tell(`  log: ${sentence}`);
    };
    const logger: Logger = { debug: note, info: note, warn: note, error: note };
    return {
      database: pool.database,
      stripe: stripe.client(life),
      clock: { now: () => new Date(scheduler.nowMs) },
      random: chance,
      logger,
      secrets: this.#secrets,
      mail: { way: "none", send: () => Promise.reject(new Error("no mail is sent here")) },
      outbound: createOutboundNetwork({ scheduler, life, faults, apps }),
      slack: null,
      settings: {
        publicUrl: "http://127.0.0.1:3000",
        mode: "sandbox",
        eventRetentionDays: 90,
        stripe: {
          clientId: sandbox.platform.clientId,
          publishableKey: sandbox.platform.publishableKey,
          connectOrigin: sandbox.origin,
          platformWebhookSecrets: [],
          connectWebhookSecrets: [webhookSecret],
        },
      },
      wakeOutbox,
    };
  }

  /** The relay as `createOutboxRelay` runs it, with virtual pauses. @returns what wakes it */
  #relay(
    life: Life,
    dependencies: Dependencies,
    engine: Parameters<typeof createOutboxRelay>[1],
  ): () => void {
    const { scheduler } = this.#world;
    const relay = createOutboxRelay(dependencies, engine);
    let isRunning = false;
    let isWanted = false;
    let timer = 0;
    const run = async () => {
      try {
        do {
          isWanted = false;
          await relay.relayDue();
        } while (isWanted);
        const [next] = await dependencies.database
          .select({ at: min(outboxMessages.sendAt) })
          .from(outboxMessages)
          .where(isNotNull(outboxMessages.sendAt));
        wakeAt(next?.at?.getTime() ?? null);
      } catch {
        wakeAt(scheduler.nowMs + 1_000);
      }
      isRunning = false;
      if (isWanted) wake();
    };
    const wakeAt = (moment: number | null) => {
      timer += 1;
      const mine = timer;
      if (moment === null) return;
      scheduler.at(Math.max(moment, scheduler.nowMs + 10), life, () => {
        if (mine === timer) wake();
      });
    };
    const wake = () => {
      isWanted = true;
      if (isRunning) return;
      isRunning = true;
      scheduler.spawn("relay", life, run);
    };
    return wake;
  }

  /** Sweeps at once; the next sweep is planned from here. */
  sweepNow(): void {
    const running = this.#running;
    if (running) this.#sweepAgain(running.life, running.dependencies, 0);
  }

  #sweepAgain(life: Life, dependencies: Dependencies, delayMs: number): void {
    const { scheduler } = this.#world;
    this.#sweeps += 1;
    const mine = this.#sweeps;
    scheduler.at(scheduler.nowMs + delayMs, life, () => {
      if (mine !== this.#sweeps) return;
      scheduler.spawn("sweep", life, async () => {
        await sweep(dependencies);
        const pauseMs = scheduler.nowMs < this.busyUntilMs ? 5 * minute : 6 * hour;
        this.#sweepAgain(life, dependencies, pauseMs);
      });
    });
  }
}

function showErrors(_key: string, value: unknown): unknown {
  return value instanceof Error ? `${value.message} ${value.stack ?? ""}` : value;
}
