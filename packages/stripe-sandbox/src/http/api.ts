import { setTimeout as pause } from "node:timers/promises";
import { API_VERSION } from "../api-version.ts";
import { SandboxError } from "../errors.ts";
import type { FaultTarget } from "../faults/faults.ts";
import { type KeyedRequest, keyInUse } from "../idempotency/idempotency-keys.ts";
import type { System } from "../system.ts";
import { type Access, readKey } from "./authenticate.ts";
import { type Expansions, expand } from "./expand.ts";
import { canonicalForm, decodeForm } from "./form-decoding.ts";
import { LATE_EFFECT_TIMER, type LateEffect } from "./late-effect.ts";
import type { HttpOutcome, HttpRequest } from "./message.ts";
import { lockTimeout } from "./object-locks.ts";
import { type PreparedRequest, prepareRequest } from "./prepare.ts";
import { rateLimited } from "./rate-limit.ts";
import type { Router } from "./router.ts";

/** One `/v1` request on its way through the stages. */
interface Exchange {
  readonly request: HttpRequest;
  readonly id: string;
  readonly stripeAccount: string | undefined;
  readonly key: string | undefined;
  readonly target: FaultTarget;
}

interface Answer {
  status: number;
  body: string;
  headers: Record<string, string>;
  /** Set on replays: the request that executed. */
  originalRequest?: string;
  /** Set where the key had been used and was forgotten. */
  forgotten?: boolean;
}

/**
 * `/v1`: auth → rate limit → route → account access → idempotency look-up → parameter validation (never
 * stored) → execution. Source: Stripe, idempotent requests; the order of the middle steps is our choice.
 */
export class StripeApi {
  readonly #system: System;
  readonly #router: Router;
  readonly #expansions: Expansions;

  constructor(system: System, router: Router, expansions: Expansions) {
    this.#system = system;
    this.#router = router;
    this.#expansions = expansions;
  }

  async handle(request: HttpRequest): Promise<HttpOutcome> {
    const { faults } = this.#system;
    const exchange = this.#open(request);
    if (faults.take(exchange.target, "drop_before") !== undefined) {
      this.#log(exchange, { status: 0 });
      return "drop";
    }
    const answer = await this.#answer(exchange).catch((error: unknown) => this.#failure(exchange, error));
    this.#log(exchange, answer);
    if (faults.take(exchange.target, "drop_after") !== undefined) return "drop";
    const broken = faults.take(exchange.target, "invalid_json") !== undefined;
    return {
      status: answer.status,
      headers: this.#headers(exchange, answer),
      body: broken ? "<html><body>Bad gateway</body></html>" : answer.body,
    };
  }

  #open(request: HttpRequest): Exchange {
    const stripeAccount = request.header("stripe-account") || undefined;
    const apiKey = readKey(request.header("authorization"));
    const owner = apiKey === undefined ? undefined : this.#system.authenticator.find(apiKey)?.account.id;
    return {
      request,
      id: this.#system.requestIds.id("req_", 14),
      stripeAccount,
      key: request.method === "POST" ? request.header("idempotency-key") : undefined,
      target: { method: request.method, path: request.path, account: stripeAccount ?? owner ?? null },
    };
  }

  async #answer(exchange: Exchange): Promise<Answer> {
    const { request, id, target } = exchange;
    const { authenticator, faults, keys, rateLimit, refundLimit } = this.#system;
    const caller = authenticator.authenticate(request.header("authorization"));
    if (faults.take(target, "rate_limit") !== undefined) throw rateLimited();
    rateLimit.take(caller.account.id);
    if (target.method === "POST" && target.path === "/v1/refunds") refundLimit.take(caller.account.id);
    checkVersion(request.header("stripe-version"));
    const match = this.#router.match(request.method, request.path);
    if (match === undefined) throw unrecognizedUrl(request);
    const access = authenticator.access(caller, exchange.stripeAccount, request.method !== "GET");
    const form = decodeForm(request.method === "POST" ? request.body : request.query);
    const keyed = keyedRequest(exchange, access, canonicalForm(form));
    const stored = keyed === undefined ? undefined : keys.lookUp(keyed);
    if (stored !== undefined) {
      return { status: stored.status, body: stored.body, headers: {}, originalRequest: stored.requestId };
    }
    if (faults.take(target, "idempotency_key_in_use") !== undefined) throw keyInUse(exchange.key ?? id);
    if (faults.take(target, "lock_timeout") !== undefined) throw lockTimeout();
    const prepared = prepareRequest(match, form, this.#expansions);
    const forgotten = keyed !== undefined && keys.isForgotten(keyed);
    const finish = keyed === undefined ? undefined : keys.begin(keyed);
    try {
      return { ...(await this.#execute(exchange, access, prepared, keyed)), forgotten };
    } finally {
      finish?.();
    }
  }

  async #execute(
    exchange: Exchange,
    access: Access,
    prepared: PreparedRequest,
    keyed: KeyedRequest | undefined,
  ): Promise<Answer> {
    const { contexts, locks, faults, keys, store, timers } = this.#system;
    const request = { id: exchange.id, idempotencyKey: exchange.key ?? null };
    const ctx = contexts.create({ ...access, request });
    const object = prepared.call.lock(ctx);
    const release = object === undefined ? undefined : await locks.acquire(`${access.account}/${object}`);
    try {
      const slow = faults.take(exchange.target, "slow");
      if (slow !== undefined) await pause(slow.delayMs);
      // An injected clock may have moved without telling.
      timers.runDue();
      const broken = faults.take(
        exchange.target,
        "error_500_stored",
        "error_500_not_stored",
        "error_500_after",
        "error_500_later",
      );
      if (broken?.fault === "error_500_not_stored") throw serverError();
      return store.transaction(() => {
        const work = (): Answer => {
          if (broken?.fault === "error_500_stored") throw serverError();
          if (broken?.fault === "error_500_later") {
            ctx.schedule(LATE_EFFECT_TIMER, broken.delayMs, lateEffectOf(exchange, access));
            throw serverError({ keepsChanges: true });
          }
          const body = prepared.call.run(ctx, prepared.expand);
          if (broken?.fault === "error_500_after") throw serverError({ keepsChanges: true });
          const shown = expand(ctx, body, prepared.expand, prepared.returns, this.#expansions);
          return { status: 200, body: JSON.stringify(shown, null, 2), headers: {} };
        };
        const answer = this.#attempt(exchange, work);
        if (keyed !== undefined) {
          keys.store(keyed, { status: answer.status, body: answer.body, requestId: exchange.id });
        }
        return answer;
      });
    } finally {
      release?.();
    }
  }

  /** What a request is refused with while it executes is an answer too, and is stored like one. */
  #attempt(exchange: Exchange, work: () => Answer): Answer {
    try {
      return this.#system.store.transaction(work);
    } catch (error) {
      if (error instanceof SandboxError) return this.#failure(exchange, error);
      throw error;
    }
  }

  #failure(exchange: Exchange, error: unknown): Answer {
    if (!(error instanceof SandboxError)) console.error("stripe-sandbox:", error);
    const known = error instanceof SandboxError ? error : serverError();
    const body = known.envelope(exchange.target.account, exchange.id);
    return { status: known.status, body: JSON.stringify(body, null, 2), headers: known.headers };
  }

  #headers(exchange: Exchange, answer: Answer): Record<string, string> {
    const { key, id, stripeAccount, request } = exchange;
    const replayed = answer.originalRequest !== undefined;
    // The SDK decides by itself about these statuses when Stripe does not say.
    const leavesOpen = answer.status === 409 || answer.status === 429 || answer.status >= 500;
    return {
      "Content-Type": "application/json",
      "Cache-Control": "no-cache, no-store",
      "Request-Id": id,
      "Stripe-Version": request.header("stripe-version") ?? API_VERSION,
      ...(stripeAccount === undefined ? {} : { "Stripe-Account": stripeAccount }),
      ...(key === undefined
        ? {}
        : { "Idempotency-Key": key, "Original-Request": answer.originalRequest ?? id }),
      ...(replayed ? { "Idempotent-Replayed": "true" } : {}),
      ...(leavesOpen ? {} : { "Stripe-Should-Retry": "false" }),
      ...answer.headers,
    };
  }

  #log(
    { id, request, target, key }: Exchange,
    answer: Pick<Answer, "status" | "originalRequest" | "forgotten">,
  ): void {
    const { status, originalRequest, forgotten = false } = answer;
    const { method, path } = request;
    const at = this.#system.clock.nowMs();
    this.#system.requests.add({
      id,
      method,
      path,
      account: target.account,
      idempotencyKey: key ?? null,
      status,
      replayed: originalRequest !== undefined,
      forgotten,
      at,
    });
  }
}

function keyedRequest({ key, request }: Exchange, access: Access, params: string): KeyedRequest | undefined {
  if (key === undefined) return undefined;
  return { scope: { account: access.account, livemode: false }, key, path: request.path, params };
}

function lateEffectOf({ request, id, key }: Exchange, { application }: Access): LateEffect {
  const { method, path, body } = request;
  return { method, path, body, application, request: { id, idempotencyKey: key ?? null } };
}

function checkVersion(version: string | undefined): void {
  if (version === undefined || /^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(version)) return;
  throw new SandboxError({ status: 400, message: `Invalid Stripe API version: ${version}` });
}

function unrecognizedUrl({ method, path }: HttpRequest): SandboxError {
  return new SandboxError({
    status: 404,
    message: `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  });
}

function serverError(options: { keepsChanges?: boolean } = {}): SandboxError {
  return new SandboxError({
    status: 500,
    message: "An unknown error occurred while processing your request.",
    ...options,
  });
}
