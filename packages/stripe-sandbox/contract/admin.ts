import { z } from "zod";

const anyObject = z.looseObject({});
const account = z.looseObject({ id: z.string(), secretKey: z.string() });
const object = z.looseObject({ id: z.string(), object: z.string() });
const delivery = z.looseObject({
  id: z.string(),
  event: z.string(),
  type: z.string(),
  endpoint: z.string(),
  attempt: z.number(),
  status: z.enum(["pending", "delivered", "failed", "dropped", "held"]),
});
const request = z.looseObject({
  method: z.string(),
  path: z.string(),
  account: z.string().nullish(),
  idempotencyKey: z.string().nullish(),
  status: z.number(),
  replayed: z.boolean(),
});

export type Delivery = z.infer<typeof delivery>;
export type RefundStatus = "succeeded" | "failed" | "canceled" | "pending" | "requires_action";

/** How events leave the sandbox from now on; `normal` lets them go at once, each one time, in order. */
export interface DeliveryMode {
  mode?: "normal" | "hold" | "drop";
  duplicate?: number;
  shuffle?: boolean;
  badSignature?: boolean;
  beforeResponse?: boolean;
  types?: string[];
}

export interface Fault {
  fault:
    | "drop_before"
    | "drop_after"
    | "slow"
    | "error_500_stored"
    | "error_500_not_stored"
    | "error_500_after"
    | "error_500_later"
    | "rate_limit"
    | "lock_timeout"
    | "idempotency_key_in_use"
    | "invalid_json";
  method?: string;
  path?: string;
  account?: string;
  times?: number;
  delayMs?: number;
}

export interface NewAccount {
  business_name?: string;
  email?: string;
  country?: string;
  default_currency?: string;
  connected?: boolean;
  scope?: "read_write" | "read_only";
  own_key?: boolean;
}

/** The powers that only a sandbox gives: what customers, banks, merchants and time do. Speaks HTTP, as any test from outside would. */
export class Admin {
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  platform() {
    const shape = z.looseObject({ accountId: z.string(), secretKey: z.string(), publishableKey: z.string() });
    return this.#call("GET", "platform", shape.extend({ clientId: z.string() }));
  }

  redirectUris(...uris: string[]) {
    return this.#call("POST", "redirect_uris", anyObject, { uris });
  }

  newAccount(body: NewAccount = {}) {
    return this.#call("POST", "accounts", account, {
      connected: true,
      country: "US",
      default_currency: "usd",
      ...body,
    });
  }

  revoke(id: string) {
    return this.#call("POST", `accounts/${id}/revoke`, anyObject);
  }

  balance(id: string, available: number, currency = "usd") {
    return this.#call("POST", `accounts/${id}/balance`, anyObject, { available, currency });
  }

  seed(body: { account: string; count: number; seed?: number; currencies?: string[]; days?: number }) {
    return this.#call("POST", "seed", z.object({ charges: z.array(z.string()) }), body);
  }

  charge(body: { account: string; amount: number; currency: string; [field: string]: unknown }) {
    return this.#call("POST", "charges", object, body);
  }

  async now(): Promise<number> {
    return (await this.#call("GET", "clock", z.looseObject({ nowMs: z.number() }))).nowMs;
  }

  advance(advanceMs: number) {
    return this.#call("POST", "clock", z.looseObject({ nowMs: z.number() }), { advanceMs });
  }

  moveRefund(id: string, account: string, status: RefundStatus, failure_reason?: string) {
    return this.#call("POST", `refunds/${id}/advance`, object.extend({ status: z.string() }), {
      account,
      status,
      failure_reason,
    });
  }

  reference(id: string, account: string, reference: string) {
    return this.#call("POST", `refunds/${id}/reference`, object, { account, reference });
  }

  dispute(body: { account: string; charge: string; inquiry?: boolean; reason?: string; amount?: number }) {
    return this.#call("POST", "disputes", object, body);
  }

  closeDispute(id: string, account: string, status: "won" | "lost" | "warning_closed") {
    return this.#call("POST", `disputes/${id}/close`, object, { account, status });
  }

  earlyFraudWarning(body: { account: string; charge: string; fraud_type?: string }) {
    return this.#call("POST", "early_fraud_warnings", object, body);
  }

  async deliveries(): Promise<Delivery[]> {
    return (await this.#call("GET", "deliveries", z.looseObject({ deliveries: z.array(delivery) })))
      .deliveries;
  }

  /** Resolves once no delivery is under way or due now; later retries do not count. */
  drain() {
    return this.#call("POST", "deliveries/drain", anyObject);
  }

  redeliver(event: string, body: { endpoint?: string; times?: number } = {}) {
    return this.#call("POST", `events/${event}/redeliver`, anyObject, body);
  }

  delivery(body: DeliveryMode) {
    return this.#call("POST", "delivery", anyObject, { mode: "normal", ...body });
  }

  fault(body: Fault) {
    return this.#call("POST", "faults", z.looseObject({ id: z.string() }), body);
  }

  async faults(): Promise<unknown[]> {
    return (await this.#call("GET", "faults", z.looseObject({ faults: z.array(z.unknown()) }))).faults;
  }

  clearFaults() {
    return this.#call("DELETE", "faults", anyObject);
  }

  /** Every request the sandbox saw, oldest first. */
  async requests() {
    return (await this.#call("GET", "ledger", z.looseObject({ requests: z.array(request) }))).requests;
  }

  async #call<T>(method: string, path: string, answer: z.ZodType<T>, body?: object): Promise<T> {
    const response = await fetch(`${this.#origin}/admin/${path}`, {
      method,
      ...(method === "POST" && {
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body ?? {}),
      }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new AdminRefusal(`${method} /admin/${path}: ${response.status} ${text}`, response.status);
    return answer.parse(JSON.parse(text));
  }
}

export class AdminRefusal extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}
