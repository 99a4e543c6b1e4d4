import type { SandboxClock } from "../clock.ts";
import { SandboxError } from "../errors.ts";
import { defineCollection, type StoredRecord } from "../store/collection.ts";
import type { Scope } from "../store/scope.ts";
import { scopeKey } from "../store/scope.ts";
import type { Store } from "../store/store.ts";

/** The answer of the first request with a key; the id is the key. Kept per (account, livemode). */
export interface KeyRecord extends StoredRecord {
  readonly path: string;
  /** Canonical text of the parameters. */
  readonly params: string;
  readonly status: number;
  /** The very bytes that were answered. */
  readonly body: string;
  readonly requestId: string;
  readonly createdMs: number;
}

const keyRecords = defineCollection<KeyRecord>("idempotency_keys", {});

/** Source: contract section 3; "may be pruned once 24 h old": here they always are. */
const RETENTION_MS = 24 * 60 * 60_000;
/** An expired key answers nothing; it is kept so that the log can say that it was used before. */
const MEMORY_MS = 7 * RETENTION_MS;
const MAXIMUM_LENGTH = 255;

/** A request as far as its key is concerned. */
export interface KeyedRequest {
  scope: Scope;
  key: string;
  path: string;
  params: string;
}

/** Which answers are stored under which keys, and which keys are being executed right now. */
export class IdempotencyKeys {
  readonly #store: Store;
  readonly #clock: SandboxClock;
  readonly #inFlight = new Set<string>();

  constructor(store: Store, clock: SandboxClock) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * The stored answer to replay, or undefined: this request is the first.
   * @throws SandboxError 400 bad key or other parameters than the first time, 409 in progress
   */
  lookUp(request: KeyedRequest): KeyRecord | undefined {
    const { scope, key, path, params } = request;
    checkKey(key);
    if (this.#inFlight.has(flightOf(request))) throw keyInUse(key);
    const stored = this.#store.collection(scope, keyRecords).get(key);
    if (stored === undefined || stored.createdMs + RETENTION_MS <= this.#clock.nowMs()) return undefined;
    if (stored.path !== path) {
      throw idempotencyError(
        `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}' vs '${stored.path}'). Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    }
    if (stored.params !== params) {
      throw idempotencyError(
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    }
    return stored;
  }

  /** Whether the key was used so long ago that a request under it is a new one. */
  isForgotten({ scope, key }: KeyedRequest): boolean {
    const stored = this.#store.collection(scope, keyRecords).get(key);
    return stored !== undefined && stored.createdMs + RETENTION_MS <= this.#clock.nowMs();
  }

  /** Marks the key as being executed, until the answered function is called. */
  begin(request: KeyedRequest): () => void {
    const flight = flightOf(request);
    this.#inFlight.add(flight);
    return () => this.#inFlight.delete(flight);
  }

  /** Must run inside the transaction of the execution. */
  store(request: KeyedRequest, answer: { status: number; body: string; requestId: string }): void {
    const keys = this.#store.collection(request.scope, keyRecords);
    this.#prune(request.scope);
    keys.put({
      id: request.key,
      created: this.#clock.nowSeconds(),
      createdMs: this.#clock.nowMs(),
      path: request.path,
      params: request.params,
      ...answer,
    });
  }

  /** A few of the oldest at a time, so that no request pays for all. */
  #prune(scope: Scope): void {
    const keys = this.#store.collection(scope, keyRecords);
    const pruned: string[] = [];
    for (const { id, createdMs } of keys.walk({ direction: "newer" })) {
      if (createdMs + MEMORY_MS > this.#clock.nowMs() || pruned.length >= 8) break;
      pruned.push(id);
    }
    for (const id of pruned) keys.delete(id);
  }
}

function flightOf({ scope, key }: KeyedRequest): string {
  return `${scopeKey(scope)}/${key}`;
}

function checkKey(key: string): void {
  if (key === "") {
    throw new SandboxError({ status: 400, message: "Idempotency Key must be a non-empty string." });
  }
  if (key.length > MAXIMUM_LENGTH) {
    throw new SandboxError({
      status: 400,
      message: `Idempotency Key must be at most ${MAXIMUM_LENGTH} characters long.`,
    });
  }
}

function idempotencyError(message: string): SandboxError {
  return new SandboxError({ status: 400, type: "idempotency_error", message });
}

/** Source: contract section 3, "concurrent"; the SDK retries a 409 unless told not to. */
export function keyInUse(key: string): SandboxError {
  return new SandboxError({
    status: 409,
    code: "idempotency_key_in_use",
    message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    headers: { "Stripe-Should-Retry": "true" },
  });
}
