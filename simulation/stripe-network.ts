import type { Sandbox } from "@redress/stripe-sandbox";
import Stripe from "stripe";
import type { Faults } from "./faults.ts";
import type { Life, Scheduler } from "./scheduler.ts";

interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

interface WireAnswer {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: string;
}

/** A request for a refund as it left the desk, whatever became of it. */
export interface SentRefund {
  readonly refundId: string;
  readonly approvalId: string;
  readonly key: string | null;
  readonly account: string | null;
  readonly amount: number;
  readonly body: string;
  readonly atMs: number;
}

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

const sandboxFaults = {
  stripe_409: "idempotency_key_in_use",
  stripe_429: "rate_limit",
  stripe_lock_timeout: "lock_timeout",
  stripe_500_stored: "error_500_stored",
  stripe_500_not_stored: "error_500_not_stored",
  stripe_500_after: "error_500_after",
  stripe_invalid_json: "invalid_json",
} as const;

export interface StripeNetworkOptions {
  readonly scheduler: Scheduler;
  readonly sandbox: Sandbox;
  readonly faults: Faults;
  /** What an executed request caused has left Stripe. */
  readonly afterwards: () => Promise<void>;
  /** How late a request arrives that was given up. */
  readonly delayMs: () => number;
  /** Something went wrong with a request that creates a refund. */
  readonly onRefundLost: () => void;
}

/** The way between a process of ours and Stripe. */
export class StripeNetwork {
  readonly #options: StripeNetworkOptions;
  /** Every request for a refund that the desk made. */
  readonly sent: SentRefund[] = [];

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
    if (isRefund) this.sent.push(readSent(request, scheduler.nowMs));
    const fault = faults.first(isApi ? [...anyFaults, ...v1Faults] : anyFaults);
    if (fault !== undefined) scheduler.tell(`  fault: ${fault}`);
    if (fault !== undefined && isRefund) onRefundLost();
    const lost: Carried = { kind: "lost", waitMs: 0 };
    switch (fault) {
      case undefined:
        return answered(await this.#send(request));
      case "stripe_lost_before":
        return lost;
      case "stripe_lost_after":
        await this.#send(request);
        return lost;
      case "stripe_slow":
        return { ...answered(await this.#send(request)), waitMs: 1_000 + (delayMs() % (timeoutMs - 2_000)) };
      case "stripe_timeout_then_executed": {
        const arrivesAt = scheduler.nowMs + delayMs();
        scheduler.at(arrivesAt, null, () => {
          scheduler.spawn("network", null, () =>
            scheduler.external({
              life: null,
              label: `a request that was given up arrives: ${request.method} ${request.path}`,
              run: () => this.#send(request),
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
      default: {
        const { admin } = this.#options.sandbox;
        await admin.addFault({ fault: sandboxFaults[fault] });
        try {
          return answered(await this.#send(request));
        } finally {
          await admin.clearFaults();
        }
      }
    }
  }

  async #send({ method, path, headers, body }: WireRequest): Promise<WireAnswer> {
    const response = await fetch(`${this.#options.sandbox.origin}${path}`, {
      method,
      headers,
      ...(body === undefined || method === "GET" ? {} : { body }),
    });
    const answer = { status: response.status, headers: [...response.headers], body: await response.text() };
    if (method !== "GET") await this.#options.afterwards();
    return answer;
  }
}

type Carried =
  | { readonly kind: "lost"; readonly waitMs: number }
  | { readonly kind: "timeout"; readonly waitMs: number }
  | { readonly kind: "answered"; readonly waitMs: number; readonly answer: WireAnswer };

function answered(answer: WireAnswer): Extract<Carried, { kind: "answered" }> {
  return { kind: "answered", waitMs: 0, answer };
}

function readSent({ headers, body = "" }: WireRequest, atMs: number): SentRefund {
  const form = new URLSearchParams(body);
  return {
    refundId: form.get("metadata[redress_refund_id]") ?? "",
    approvalId: form.get("metadata[redress_approval_id]") ?? "",
    key: headers.get("idempotency-key"),
    account: headers.get("stripe-account"),
    amount: Number(form.get("amount")),
    body,
    atMs,
  };
}
