import type { AccountDirectory } from "../accounts/directory.ts";
import type { SandboxClock } from "../clock.ts";
import type { EventType } from "../context.ts";
import type { IdGenerator } from "../ids.ts";
import { SANDBOX_SCOPE } from "../store/scope.ts";
import type { Store } from "../store/store.ts";
import { type DeliveryRecord, deliveryRecords } from "./delivery.ts";
import { type DeliveryMode, modeFor, NORMAL_DELIVERY } from "./delivery-mode.ts";
import { type EndpointRecord, endpointRecords, wants } from "./endpoint.ts";
import { type EventRecord, eventRecords, isAboutConnection } from "./event.ts";

export interface NewEvent {
  account: string;
  type: EventType;
  object: object;
  previous: Readonly<Record<string, unknown>> | null;
  request: { id: string | null; idempotency_key: string | null };
}

export interface Addressee {
  owner: string;
  endpoint: EndpointRecord;
}

/** Writes events and their deliveries, within the transaction that changed the state. */
export class Publisher {
  mode: DeliveryMode = NORMAL_DELIVERY;
  /** Deliveries that became due; the courier takes them. One that was undone is not in the store. */
  readonly outgoing: string[] = [];
  readonly #store: Store;
  readonly #clock: SandboxClock;
  readonly #ids: IdGenerator;
  readonly #directory: AccountDirectory;

  constructor(parts: { store: Store; clock: SandboxClock; ids: IdGenerator; directory: AccountDirectory }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#ids = parts.ids;
    this.#directory = parts.directory;
  }

  publish(event: NewEvent): void {
    const { account, type, object, previous, request } = event;
    const addressees = this.addressees(account, type);
    const record: EventRecord = {
      id: this.#ids.id("evt_3"),
      created: this.#clock.nowSeconds(),
      type,
      object,
      previous,
      request,
      endpoints: addressees.length,
    };
    this.#store.collection({ account, livemode: false }, eventRecords).put(record);
    const { duplicate } = modeFor(this.mode, type);
    for (const addressee of addressees) {
      this.deliver(record, account, addressee, "automatic");
      for (let copy = 0; copy < duplicate; copy += 1) this.deliver(record, account, addressee, "copy");
    }
  }

  /** The endpoints that take this type from this account: its own ones, and the platform's Connect ones. */
  addressees(account: string, type: string): Addressee[] {
    const own = isAboutConnection(type) ? [] : this.#endpointsOf(account, false);
    const connected = this.#directory.connection(account) !== undefined;
    const connect = connected ? this.#endpointsOf(this.#directory.platform().id, true) : [];
    return [...own, ...connect].filter(({ endpoint }) => wants(endpoint, type));
  }

  #endpointsOf(owner: string, connect: boolean): Addressee[] {
    const endpoints = this.#store.collection({ account: owner, livemode: false }, endpointRecords);
    const found: Addressee[] = [];
    for (const endpoint of endpoints.walk({ direction: "newer" })) {
      if (endpoint.connect === connect) found.push({ owner, endpoint });
    }
    return found;
  }

  deliver(
    event: EventRecord,
    account: string,
    { owner, endpoint }: Addressee,
    series: DeliveryRecord["series"],
  ): void {
    const { mode } = series === "manual" ? NORMAL_DELIVERY : modeFor(this.mode, event.type);
    const delivery = this.#store.collection(SANDBOX_SCOPE, deliveryRecords).put({
      id: this.#ids.id("dlv_"),
      created: this.#clock.nowSeconds(),
      event: event.id,
      type: event.type,
      account,
      endpoint: endpoint.id,
      owner,
      connect: endpoint.connect,
      attempt: 1,
      series,
      status: mode === "hold" ? "held" : mode === "drop" ? "dropped" : "due",
      responseStatus: null,
      atMs: this.#clock.nowMs(),
    });
    if (delivery.status === "due") this.outgoing.push(delivery.id);
  }
}
