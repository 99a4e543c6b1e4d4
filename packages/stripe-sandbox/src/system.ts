import { randomInt } from "node:crypto";
import { AccountDirectory } from "./accounts/directory.ts";
import { SandboxClock } from "./clock.ts";
import type { TimerHandler } from "./context.ts";
import { Contexts } from "./contexts.ts";
import { badRequest } from "./errors.ts";
import { Faults } from "./faults/faults.ts";
import { Authenticator } from "./http/authenticate.ts";
import { ObjectLocks } from "./http/object-locks.ts";
import { RateLimit } from "./http/rate-limit.ts";
import { RequestLog } from "./http/request-log.ts";
import { IdempotencyKeys } from "./idempotency/idempotency-keys.ts";
import { IdGenerator } from "./ids.ts";
import type { SandboxOptions } from "./options.ts";
import { defineCollection, type StoredRecord } from "./store/collection.ts";
import { Journal } from "./store/journal.ts";
import { SANDBOX_SCOPE } from "./store/scope.ts";
import { Store } from "./store/store.ts";
import { Timers } from "./timers.ts";
import { Courier, RETRY_TIMER } from "./webhooks/courier.ts";
import { NORMAL_DELIVERY } from "./webhooks/delivery-mode.ts";
import { WebhookSender } from "./webhooks/post.ts";
import { Publisher } from "./webhooks/publish.ts";

/** What a restart must know besides the objects. */
interface RunRecord extends StoredRecord {
  /** How often this state was opened: every run draws ids of its own. */
  readonly opened: number;
  readonly clockOffsetMs: number;
  readonly redirectUris: readonly string[];
}

const runRecords = defineCollection<RunRecord>("meta", {});

/** Every part of one sandbox, put together; routes and admin operations are built on it. */
export class System {
  readonly store: Store;
  readonly clock: SandboxClock;
  readonly ids: IdGenerator;
  /** Apart from `ids`, so that reading does not change the ids of what is written next. */
  readonly requestIds: IdGenerator;
  readonly directory: AccountDirectory;
  readonly publisher: Publisher;
  readonly contexts: Contexts;
  readonly timers: Timers;
  readonly courier: Courier;
  readonly sender = new WebhookSender();
  readonly faults: Faults;
  readonly keys: IdempotencyKeys;
  readonly locks = new ObjectLocks();
  readonly authenticator: Authenticator;
  readonly rateLimit: RateLimit;
  readonly refundLimit: RateLimit;
  readonly requests = new RequestLog();

  constructor(options: SandboxOptions, store: Store, timerHandlers: Readonly<Record<string, TimerHandler>>) {
    this.store = store;
    const run = store.collection(SANDBOX_SCOPE, runRecords).get("run");
    const opened = (run?.opened ?? 0) + 1;
    const seed = `${options.seed ?? randomInt(2 ** 47)}/${opened}`;
    this.clock = new SandboxClock(options.now ?? Date.now, run?.clockOffsetMs ?? 0);
    const { clock } = this;
    this.ids = new IdGenerator(`${seed}/objects`);
    this.requestIds = new IdGenerator(`${seed}/requests`);
    const { ids } = this;
    const directory = new AccountDirectory(store, clock, ids);
    this.directory = directory;
    const publisher = new Publisher({ store, clock, ids, directory });
    this.publisher = publisher;
    const settings = {
      pendingRefundRaisesAmountRefunded: options.pendingRefundRaisesAmountRefunded ?? true,
    };
    const contexts = new Contexts({
      store,
      clock,
      ids,
      directory,
      publisher,
      settings,
      timers: () => this.timers,
    });
    this.contexts = contexts;
    this.timers = new Timers({
      store,
      clock,
      ids,
      run: ({ name, account, payload }) => {
        if (name === RETRY_TIMER) return this.courier.retryDue(String(payload.delivery));
        const handler = timerHandlers[name];
        if (handler === undefined) throw new Error(`no timer is called ${name}`);
        handler(contexts.create({ account }), payload);
      },
      afterwards: () => this.courier.flush(),
    });
    const order = new IdGenerator(`${seed}/order`);
    this.courier = new Courier({
      store,
      clock,
      ids,
      order,
      timers: this.timers,
      publisher,
      sender: this.sender,
    });
    this.faults = new Faults(new IdGenerator(`${seed}/faults`));
    this.keys = new IdempotencyKeys(store, clock);
    this.authenticator = new Authenticator(store, directory);
    this.rateLimit = new RateLimit(options.rateLimitPerSecond ?? 0, () => clock.nowMs());
    this.refundLimit = new RateLimit(options.refundLimitPerSecond ?? 0, () => clock.nowMs(), "endpoint-rate");
    store.transaction(() => {
      if (!directory.hasPlatform()) directory.createPlatform();
      this.#putRun({ opened, redirectUris: run?.redirectUris ?? [] });
    });
  }

  get redirectUris(): readonly string[] {
    return this.store.collection(SANDBOX_SCOPE, runRecords).get("run")?.redirectUris ?? [];
  }

  setRedirectUris(redirectUris: readonly string[]): void {
    this.store.transaction(() => this.#putRun({ redirectUris }));
  }

  #putRun(change: Partial<Omit<RunRecord, "id" | "created">>): void {
    const runs = this.store.collection(SANDBOX_SCOPE, runRecords);
    const { opened = 1, redirectUris = [] } = runs.get("run") ?? {};
    runs.put({ id: "run", created: 0, opened, redirectUris, clockOffsetMs: this.clock.offset, ...change });
  }

  /**
   * Moves the clock; whatever falls due on the way happens at its own time, in order, with its
   * deliveries, so that a day's retries take place in one call.
   * @throws SandboxError 400 for a time in the past
   */
  async moveClock(toMs: number): Promise<void> {
    if (toMs < this.clock.nowMs())
      throw badRequest("The sandbox clock only moves forward; reset starts it anew.");
    for (
      let next = this.timers.nextDueMs();
      next !== undefined && next <= toMs;
      next = this.timers.nextDueMs()
    ) {
      if (next > this.clock.nowMs()) this.clock.moveTo(next);
      this.timers.runDue();
      await this.courier.drain();
    }
    // Real time went on while deliveries were answered.
    this.clock.moveTo(Math.max(toMs, this.clock.nowMs()));
    this.timers.runDue();
    this.store.transaction(() => this.#putRun({}));
    this.courier.flush();
  }

  /** Back to the state right after the first start; the platform keeps its id and keys. */
  reset(): void {
    const platform = this.directory.platform();
    const { opened = 1 } = this.store.collection(SANDBOX_SCOPE, runRecords).get("run") ?? {};
    this.timers.stop();
    this.courier.forget();
    this.store.clear();
    this.clock.reset();
    this.faults.clear();
    this.rateLimit.clear();
    this.refundLimit.clear();
    this.requests.clear();
    this.publisher.mode = NORMAL_DELIVERY;
    this.store.transaction(() => {
      this.directory.accounts.put(platform);
      this.#putRun({ opened, redirectUris: [] });
    });
  }

  close(): void {
    this.timers.stop();
    this.courier.close();
    this.sender.close();
    this.store.close();
  }
}

/** Reads the stored state, if there is a folder, and puts the parts together. */
export async function openSystem(
  options: SandboxOptions,
  timerHandlers: Readonly<Record<string, TimerHandler>>,
): Promise<System> {
  const { dataDirectory } = options;
  const store = new Store(dataDirectory === undefined ? undefined : new Journal(dataDirectory));
  await store.open();
  const system = new System(options, store, timerHandlers);
  system.timers.start();
  system.courier.start();
  return system;
}
