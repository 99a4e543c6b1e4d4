import { setTimeout as pause } from "node:timers/promises";
import type { SandboxClock } from "../clock.ts";
import type { IdGenerator } from "../ids.ts";
import type { Collection } from "../store/collection.ts";
import { SANDBOX_SCOPE } from "../store/scope.ts";
import type { Store } from "../store/store.ts";
import type { Timers } from "../timers.ts";
import { type DeliveryRecord, deliveryRecords } from "./delivery.ts";
import { modeFor } from "./delivery-mode.ts";
import { endpointRecords } from "./endpoint.ts";
import { deliveryBody, eventRecords } from "./event.ts";
import type { WebhookSender } from "./post.ts";
import type { Publisher } from "./publish.ts";
import { signatureHeader } from "./signature.ts";

/** Waits before the 2nd and 3rd attempt. Source: contract section 5.2, "3 attempts over a few hours". */
const RETRY_AFTER_MS = [5 * 60_000, 2 * 60 * 60_000];
export const RETRY_TIMER = "webhook.retry";

/** A slow receiver holds up the next event of its lane for this long (real milliseconds), not longer. */
const PATIENCE_MS = 50;

/**
 * Sends the deliveries that are due. Within a lane (one endpoint, one account) they start in order, each
 * when the one before was answered or took too long; lanes are independent.
 */
export class Courier {
  readonly #store: Store;
  readonly #clock: SandboxClock;
  readonly #ids: IdGenerator;
  readonly #order: IdGenerator;
  readonly #timers: Timers;
  readonly #publisher: Publisher;
  readonly #sender: WebhookSender;
  readonly #taken = new Set<string>();
  readonly #lanes = new Map<string, DeliveryRecord[]>();
  #waiting: (() => void)[] = [];
  #closed = false;

  constructor(parts: {
    store: Store;
    clock: SandboxClock;
    ids: IdGenerator;
    /** Draws the order of shuffled deliveries. */
    order: IdGenerator;
    timers: Timers;
    publisher: Publisher;
    sender: WebhookSender;
  }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#ids = parts.ids;
    this.#order = parts.order;
    this.#timers = parts.timers;
    this.#publisher = parts.publisher;
    this.#sender = parts.sender;
  }

  get #deliveries(): Collection<DeliveryRecord, "event" | "open"> {
    return this.#store.collection(SANDBOX_SCOPE, deliveryRecords);
  }

  /** Takes up what was due when the sandbox stopped. */
  start(): void {
    for (const { id } of this.#deliveries.where("open", "due").reverse()) this.#publisher.outgoing.push(id);
    this.flush();
  }

  /** Starts everything that became due, and answers which deliveries these are. */
  flush(): string[] {
    if (this.#closed) return [];
    const due = this.#publisher.outgoing.splice(0).flatMap((id) => this.#deliveries.get(id) ?? []);
    const shuffled = due.some(({ type }) => modeFor(this.#publisher.mode, type).shuffle);
    for (const delivery of shuffled ? this.#order.shuffle(due) : due) this.#enqueue(delivery);
    return due.map(({ id }) => id);
  }

  /** Sends what became due, and waits for the answers. */
  async sendFirst(): Promise<void> {
    const started = this.flush();
    while (started.some((id) => this.#taken.has(id)) && !this.#closed) await this.#nextSettled();
  }

  /** Resolves once nothing is due or under way; retries in the future do not count. */
  async drain(): Promise<void> {
    do {
      this.flush();
      while (this.#taken.size > 0 && !this.#closed) await this.#nextSettled();
    } while (this.#publisher.outgoing.length > 0 && !this.#closed);
  }

  /** Makes held deliveries due. */
  release(shuffle: boolean): void {
    const held = this.#deliveries.where("open", "held").reverse();
    this.#store.transaction(() => {
      for (const delivery of shuffle ? this.#order.shuffle(held) : held) {
        this.#deliveries.put({ ...delivery, status: "due", atMs: this.#clock.nowMs() });
        this.#publisher.outgoing.push(delivery.id);
      }
    });
    this.flush();
  }

  /** The timer of a retry: must run inside a transaction. */
  retryDue(id: string): void {
    const delivery = this.#deliveries.get(id);
    if (delivery === undefined || delivery.status !== "waiting") return;
    const { mode } = modeFor(this.#publisher.mode, delivery.type);
    const status = mode === "hold" ? "held" : mode === "drop" ? "dropped" : "due";
    this.#deliveries.put({ ...delivery, status, atMs: this.#clock.nowMs() });
    if (status === "due") this.#publisher.outgoing.push(id);
  }

  /** Stops; what is still due stays stored and is sent after a restart. */
  close(): void {
    this.#closed = true;
    this.forget();
  }

  /** Drops what is queued in memory (the store was cleared, or we close). */
  forget(): void {
    this.#publisher.outgoing.length = 0;
    this.#lanes.clear();
    this.#taken.clear();
    this.#tellSettled();
  }

  #nextSettled(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #tellSettled(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #enqueue(delivery: DeliveryRecord): void {
    this.#taken.add(delivery.id);
    const lane = `${delivery.endpoint}/${delivery.account}`;
    const queue = this.#lanes.get(lane);
    if (queue !== undefined) {
      queue.push(delivery);
      return;
    }
    const fresh = [delivery];
    this.#lanes.set(lane, fresh);
    void this.#run(lane, fresh);
  }

  async #run(lane: string, queue: DeliveryRecord[]): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const patience = new AbortController();
      const answered = this.#attempt(next).finally(() => patience.abort());
      await Promise.race([
        answered,
        pause(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => {}),
      ]);
    }
    if (this.#lanes.get(lane) === queue) this.#lanes.delete(lane);
  }

  async #attempt({ id }: DeliveryRecord): Promise<void> {
    const responseStatus = await this.#send(id);
    if (!this.#taken.has(id)) return;
    this.#store.transaction(() => this.#settle(id, responseStatus));
    this.#taken.delete(id);
    this.#tellSettled();
  }

  async #send(id: string): Promise<number | null> {
    const delivery = this.#deliveries.get(id);
    if (delivery === undefined) return null;
    const scope = { account: delivery.account, livemode: false };
    const event = this.#store.collection(scope, eventRecords).get(delivery.event);
    const owner = { account: delivery.owner, livemode: false };
    const endpoint = this.#store.collection(owner, endpointRecords).get(delivery.endpoint);
    // A deleted or disabled endpoint ends its deliveries.
    if (event === undefined || endpoint === undefined || endpoint.status === "disabled") return null;
    const body = deliveryBody(event, endpoint, delivery.account);
    const { badSignature } =
      delivery.series === "manual" ? { badSignature: false } : modeFor(this.#publisher.mode, delivery.type);
    // Receivers refuse what is older by their own clock, which may be this sandbox's or the machine's.
    const timestamp = Math.floor(Math.max(this.#clock.nowMs(), Date.now()) / 1000);
    const secret = badSignature ? `${endpoint.secret}/wrong` : endpoint.secret;
    return this.#sender.send(endpoint.url, body, signatureHeader(body, secret, timestamp));
  }

  #settle(id: string, responseStatus: number | null): void {
    const delivery = this.#deliveries.get(id);
    if (delivery === undefined) return;
    const delivered = responseStatus !== null && responseStatus >= 200 && responseStatus < 300;
    this.#deliveries.put({ ...delivery, status: delivered ? "delivered" : "failed", responseStatus });
    const delayMs = RETRY_AFTER_MS[delivery.attempt - 1];
    if (delivered || delayMs === undefined || delivery.series !== "automatic") return;
    const owner = { account: delivery.owner, livemode: false };
    const endpoint = this.#store.collection(owner, endpointRecords).get(delivery.endpoint);
    if (endpoint === undefined || endpoint.status === "disabled") return;
    const retry = this.#deliveries.put({
      ...delivery,
      id: this.#ids.id("dlv_"),
      created: this.#clock.nowSeconds(),
      attempt: delivery.attempt + 1,
      status: "waiting",
      responseStatus: null,
      atMs: this.#clock.nowMs() + delayMs,
    });
    const payload = { delivery: retry.id };
    this.#timers.schedule({ name: RETRY_TIMER, account: delivery.account, delayMs, payload });
  }
}
