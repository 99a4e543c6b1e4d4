import type { Sandbox } from "@redress/stripe-sandbox";
import Stripe from "stripe";
import type { Faults } from "./faults.ts";
import { type GatewayFault, gatewayAnswer, gatewayFaults, isAfterwards } from "./gateway.ts";
import type { Life, Scheduler } from "./scheduler.ts";
import {
  type LookUp,
  readLookUp,
  readReached,
  readSent,
  type SentRefund,
  type WireAnswer,
  type WireRequest,
} from "./sent-refunds.ts";

/** The `stripe` client's own limit (15 s), in virtual time. */
const timeoutMs = 15_000;

const v1Faults = [
  "stripe_409",
  "stripe_429",
  "stripe_lock_timeout",
  "stripe_500_stored",
  "stripe_500_not_stored",
  "stripe_500_after",
  "stripe_invalid_json",
] as const;
const anyFaults = [
  "stripe_lost_before",
  "stripe_lost_after",
  "stripe_slow",
  "stripe_timeout_then_executed",
  "stripe_gateway_502",
] as const;
/** What would be no worse than the others anywhere but at a call that moves money. */
const refundFaults = ["stripe_500_later", "stripe_retry_after_months", ...gatewayFaults] as const;

const sandboxFaults = {
  stripe_409: "idempotency_key_in_use",
  stripe_429: "rate_limit",
  stripe_lock_timeout: "lock_timeout",
  stripe_500_stored: "error_500_stored",
  stripe_500_not_stored: "error_500_not_stored",
  stripe_500_after: "error_500_after",
  stripe_invalid_json: "invalid_json",
  stripe_retry_after_months: "rate_limit",
} as const;

export interface StripeNetworkOptions {
  readonly scheduler: Scheduler;
  readonly sandbox: Sandbox;
  readonly faults: Faults;
  /** What an executed request caused has left Stripe. */
  readonly afterwards: () => Promise<void>;
  /** How late a request arrives that was given up. */
  readonly delayMs: () => number;
  /** How long after its 500 a request takes effect. */
  readonly lateMs: () => number;
  /** Something went wrong with a request that creates a refund. */
  readonly onRefundLost: () => void;
}

/** The way between a process of ours and Stripe. */
export class StripeNetwork {
  readonly #options: StripeNetworkOptions;
  /** Every request for a refund that the desk made. */
  readonly sent: SentRefund[] = [];
  /** Every answered look for the refunds of a charge. */
  readonly lookUps: LookUp[] = [];
  /** Until then something may come about that was answered with a 500. */
  lateUntilMs = 0;

  constructor(options: StripeNetworkOptions) {
    this.#options = options;
  }

  /** A client as the desk has it, on this network. */
  client(life: Life): Stripe {
    const { hostname, port } = new URL(this.#options.sandbox.origin);
    return new Stripe(this.#options.sandbox.platform.secretKey, {
      httpClient: Stripe.createFetchHttpClient((url: unknown, init?: RequestInit) =>
        this.#fetch(life, String(url), init),
      ),
      maxNetworkRetries: 0,
      telemetry: false,
      // Time is virtual: the network says when an answer is late.
      timeout: 2 ** 31 - 1,
      appInfo: { name: "Redress" },
      host: hostname,
      port,
      protocol: "http",
    });
  }

  async #fetch(life: Life, url: string, init: RequestInit = {}): Promise<Response> {
    const { scheduler } = this.#options;
    const { pathname, search } = new URL(url);
    const headers = new Headers(init.headers);
    const { method = "GET", body } = init;
    const request = {
      method,
      path: `${pathname}${search}`,
      headers,
      body: typeof body === "string" ? body : undefined,
    };
    const account = headers.get("stripe-account");
    const label = `${method} ${pathname}${account === null ? "" : ` of ${account}`}`;
    const answer = await scheduler.external({ life, label, run: () => this.#carry(request) });
    if (answer.waitMs > 0) await scheduler.sleep(answer.waitMs, life, `the wait for ${label}`);
    if (answer.kind === "timeout") throw new DOMException("The operation was aborted.", "AbortError");
    if (answer.kind === "lost") throw new TypeError("fetch failed");
    scheduler.tell(`  ${label} answered ${answer.answer.status}`);
    return new Response(answer.answer.body, {
      status: answer.answer.status,
      headers: answer.answer.headers,
    });
  }

  async #carry(request: WireRequest): Promise<Carried> {
    const { faults, scheduler, delayMs, onRefundLost } = this.#options;
    const isApi = request.path.startsWith("/v1/");
    const isRefund = request.method === "POST" && request.path === "/v1/refunds";
    const sent = isRefund ? readSent(request, scheduler.nowMs) : undefined;
    if (sent) this.sent.push(sent);
    const known = isApi ? [...anyFaults, ...v1Faults] : anyFaults;
    const fault = faults.first(isRefund ? [...known, ...refundFaults] : known);
    if (fault !== undefined) scheduler.tell(`  fault: ${fault}`);
    if (fault !== undefined && isRefund) onRefundLost();
    const lost: Carried = { kind: "lost", waitMs: 0 };
    switch (fault) {
      case undefined:
        return answered(await this.#ask(request, sent));
      case "stripe_lost_before":
        return lost;
      case "stripe_lost_after":
        await this.#send(request, sent);
        return lost;
      case "stripe_slow":
        return {
          ...answered(await this.#ask(request, sent)),
          waitMs: 1_000 + (delayMs() % (timeoutMs - 2_000)),
        };
      case "stripe_timeout_then_executed": {
        const arrivesAt = scheduler.nowMs + delayMs();
        scheduler.at(arrivesAt, null, () => {
          scheduler.spawn("network", null, () =>
            scheduler.external({
              life: null,
              label: `a request that was given up arrives: ${request.method} ${request.path}`,
              run: () => this.#send(request, sent),
            }),
          );
        });
        return { kind: "timeout", waitMs: timeoutMs };
      }
      case "stripe_gateway_502":
        return answered({
          status: 502,
          headers: [["content-type", "text/html"]],
          body: "<html>Bad gateway</html>",
        });
      case "stripe_500_later": {
        const delayMs = this.#options.lateMs();
        const atMs = scheduler.nowMs + delayMs;
        this.lateUntilMs = Math.max(this.lateUntilMs, atMs);
        // Stripe moves on by itself; what it then does is on its way at once.
        scheduler.at(atMs, null, () => scheduler.tell("  what was answered with a 500 is due at Stripe"));
        return this.#broken({ fault: "error_500_later", delayMs }, request, sent);
      }
      case "stripe_retry_after_months": {
        const carried = await this.#broken({ fault: "rate_limit" }, request, sent);
        carried.answer.headers.push(["retry-after", String(90 * 24 * 3_600)]);
        return carried;
      }
      default:
        if (isGateway(fault)) {
          if (isAfterwards(fault)) await this.#send(request, sent);
          return answered(gatewayAnswer(fault));
        }
        return this.#broken({ fault: sandboxFaults[fault] }, request, sent);
    }
  }

  async #broken(
    fault: Parameters<Sandbox["admin"]["addFault"]>[0],
    request: WireRequest,
    sent: SentRefund | undefined,
  ): Promise<Answered> {
    const { admin } = this.#options.sandbox;
    await admin.addFault(fault);
    try {
      return answered(await this.#send(request, sent));
    } finally {
      await admin.clearFaults();
    }
  }

  /** A request whose answer comes back as it was given. */
  async #ask(request: WireRequest, sent: SentRefund | undefined): Promise<WireAnswer> {
    const lookUp = readLookUp(request, this.#options.scheduler.nowMs);
    const answer = await this.#send(request, sent);
    if (lookUp !== null && answer.status === 200) this.lookUps.push(lookUp);
    return answer;
  }

  async #send(
    { method, path, headers, body }: WireRequest,
    sent: SentRefund | undefined,
  ): Promise<WireAnswer> {
    const response = await fetch(`${this.#options.sandbox.origin}${path}`, {
      method,
      headers,
      ...(body === undefined || method === "GET" ? {} : { body }),
    });
    const answer = { status: response.status, headers: [...response.headers], body: await response.text() };
    if (sent) sent.reached = readReached(answer, this.#options.scheduler.nowMs);
    if (method !== "GET") await this.#options.afterwards();
    return answer;
  }
}

type Carried =
  | { readonly kind: "lost"; readonly waitMs: number }
  | { readonly kind: "timeout"; readonly waitMs: number }
  | { readonly kind: "answered"; readonly waitMs: number; readonly answer: WireAnswer };

type Answered = Extract<Carried, { kind: "answered" }>;

function isGateway(fault: string): fault is GatewayFault {
  return gatewayFaults.some((one) => one === fault);
}

function answered(answer: WireAnswer): Answered {
  return { kind: "answered", waitMs: 0, answer };
}
