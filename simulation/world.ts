import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import Stripe from "stripe";
import { Chance } from "./chance.ts";
import type { SimulationDatabase } from "./database.ts";
import { Desk } from "./desk.ts";
import { EngineStorage } from "./engine.ts";
import { type FaultKind, Faults } from "./faults.ts";
import { createMemory } from "./memory.ts";
import type { ReceivingApp } from "./receiving-apps.ts";
import { describe, type Interruption, Scheduler } from "./scheduler.ts";
import { StripeNetwork } from "./stripe-network.ts";
import { WebhookNetwork } from "./webhook-network.ts";

/** Later than any real clock of a run: the sandbox never signs with an older time than its own. */
const startMs = Date.UTC(2040, 0, 2, 8);
const hour = 3_600_000;

export interface AppInWorld {
  readonly id: string;
  readonly slug: string;
  readonly accountId: string;
  /** With it the merchant acts in the own Dashboard. */
  readonly accountKey: string;
  readonly revokesOnPartial: boolean;
  /** Before the story begins, and before the log does. */
  readonly isConnectedAtFirst: boolean;
  /** What the app's rule lets out of one purchase without a person; null: nothing. */
  readonly policyLimit: number | null;
  /** How many people have to approve what its rule does not let out. */
  readonly approversNeeded: number;
  /** What it lets out in a day of UTC, of all purchases; null: any amount. */
  readonly dailyBudget: number | null;
  readonly receiver: ReceivingApp;
}

export interface ChargeInWorld {
  readonly id: string;
  readonly app: AppInWorld;
  readonly amount: number;
  readonly currency: string;
}

/** Says when processes die, in the place of chance. */
export interface Interrupter {
  at(label: string, task: string): Interruption;
  /** The process is gone, and what it had begun is rolled back. */
  died(): Promise<void>;
  readonly restartAfterMs: number;
}

/** Everything of one run. */
export class World {
  readonly seed: string;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly scheduler: Scheduler;
  readonly database: SimulationDatabase;
  readonly sandbox: Sandbox;
  readonly stripe: StripeNetwork;
  readonly webhooks: WebhookNetwork;
  readonly storage = new EngineStorage();
  readonly desk: Desk;
  readonly apps = new Map<string, ReceivingApp>();
  readonly appsInWorld: AppInWorld[] = [];
  readonly charges: ChargeInWorld[] = [];
  readonly memory = createMemory();
  /** The newest sequence of a refund's messages, by the id of its row. */
  readonly sequenceOf = new Map<string, number>();
  webhookSecret = "";
  /** Disputes that are open, with the account of their charge. */
  readonly disputes: { id: string; account: string; charge: string; inquiry: boolean }[] = [];
  /** In such a run the process stays down for 25 hours after a refund whose answer was lost. */
  readonly #hasLongNight: boolean;
  #nightBegins = false;
  /** When a process that died is started again. */
  restartAtMs = 0;
  #deaths = 0;
  readonly #interrupter: Interrupter | undefined;

  private constructor(given: {
    seed: string;
    sandbox: Sandbox;
    database: SimulationDatabase;
    omitted: ReadonlySet<FaultKind>;
    tell: (line: string) => void;
    interrupter?: Interrupter;
  }) {
    const { seed, sandbox, database } = given;
    this.#interrupter = given.interrupter;
    this.seed = seed;
    this.sandbox = sandbox;
    this.database = database;
    this.chance = new Chance(`${seed}/ids`);
    this.faults = new Faults(seed, given.omitted);
    const network = new Chance(`${seed}/network`);
    this.#hasLongNight = new Chance(`${seed}/night`).happens(0.2) && !given.omitted.has("stripe_key_pruned");
    this.scheduler = new Scheduler({
      chance: new Chance(`${seed}/order`),
      startMs,
      onTime: (nowMs) => this.#moveStripe(nowMs),
      interrupt: (_life, label, task) => this.#interrupter?.at(label, task) ?? this.#interrupt(label),
      onInterrupt: () => this.#die(),
      onError: (task, error) => {
        if (!isOutside(error)) this.memory.defects.push(`${task}: ${describe(error)}`);
      },
      tell: given.tell,
    });
    this.webhooks = new WebhookNetwork({
      scheduler: this.scheduler,
      faults: this.faults,
      chance: network,
      doorstep: () => this.desk.process,
    });
    this.stripe = new StripeNetwork({
      scheduler: this.scheduler,
      sandbox,
      faults: this.faults,
      afterwards: () => this.settleStripe(),
      onRefundLost: () => {
        if (this.#hasLongNight && this.faults.isOn) this.#nightBegins = true;
      },
      lateMs: () => drawLateness(network),
      delayMs: () => network.pick([4_000, 20_000, 90_000, 700_000]) + network.below(1_000),
    });
    this.desk = new Desk(this);
  }

  static async open(given: {
    seed: string;
    database: SimulationDatabase;
    omitted: ReadonlySet<FaultKind>;
    tell: (line: string) => void;
    interrupter?: Interrupter;
  }): Promise<World> {
    await given.database.clear();
    const number = new Chance(`${given.seed}/sandbox`).below(2 ** 31);
    const sandbox = await startSandbox({ seed: number, now: () => startMs });
    const world = new World({ ...given, sandbox });
    const url = await world.webhooks.listen();
    const { hostname, port } = new URL(sandbox.origin);
    const stripe = new Stripe(sandbox.platform.secretKey, { host: hostname, port, protocol: "http" });
    const endpoint = await stripe.webhookEndpoints.create({ url, connect: true, enabled_events: ["*"] });
    world.webhookSecret = endpoint.secret ?? "";
    world.webhooks.secret = world.webhookSecret;
    return world;
  }

  /** Everything that happened at Stripe until now is on its way. */
  async settleStripe(): Promise<void> {
    await this.sandbox.admin.drainDeliveries();
    this.webhooks.collect();
  }

  /** Something that people or merchants do at Stripe itself. */
  atStripe<Answer>(label: string, act: () => Promise<Answer>): Promise<Answer> {
    return this.scheduler.external({
      life: null,
      label: `at Stripe: ${label}`,
      run: async () => {
        const answer = await act();
        await this.settleStripe();
        return answer;
      },
    });
  }

  /** What somebody sees on a page before they click. */
  read<Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
    const life = this.desk.process?.life ?? null;
    return this.scheduler.external({
      life,
      label: "looks",
      run: () => this.database.query<Row>(text, values),
    });
  }

  async close(): Promise<void> {
    await this.desk.die();
    await this.sandbox.close();
    this.webhooks.close();
  }

  async #moveStripe(nowMs: number): Promise<void> {
    const { nowMs: stripeMs } = await this.sandbox.admin.clock();
    if (nowMs <= stripeMs) return;
    await this.sandbox.admin.moveClock({ toMs: nowMs });
    await this.settleStripe();
  }

  #interrupt(label: string): "none" | "before" | "after" {
    if (this.#nightBegins) return "before";
    if (label === "begins" || this.#deaths >= 8) return "none";
    if (!this.faults.strikes("process_killed")) return "none";
    return this.chance.happens(0.5) ? "before" : "after";
  }

  async #die(): Promise<void> {
    this.#deaths += 1;
    await this.desk.die();
    await this.#interrupter?.died();
    const isNight = this.#nightBegins;
    this.#nightBegins = false;
    const usualMs = this.#interrupter?.restartAfterMs ?? this.chance.pick([50, 2_000, 90_000, 1_200_000]);
    const pauseMs = isNight ? 25 * hour + 60_000 : usualMs;
    this.restartAtMs = this.scheduler.nowMs + pauseMs;
    this.scheduler.at(this.restartAtMs, null, () => {
      this.scheduler.spawn("supervisor", null, async () => {
        await this.scheduler.external({ life: null, label: "starts it again", run: async () => {} });
        await this.desk.start();
      });
    });
  }
}

/** Minutes to hours mostly; sometimes after Stripe has forgotten the key. */
function drawLateness(chance: Chance): number {
  const minutes = chance.pick([2, 12, 40, 90, 240, 240, 600, 25 * 60, 31 * 60]);
  return (minutes + chance.fraction()) * 60_000;
}

/** Whether a person may meet this: a typed error, or an outage. */
function isOutside(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "RedressError") return true;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes("Connection terminated")) return true;
  }
  return false;
}
