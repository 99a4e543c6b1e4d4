import { createHash } from "node:crypto";
import type { Span } from "@opentelemetry/api";
import type { Meter } from "../metrics/meter.ts";
import { inSpan } from "../tracing/span.ts";

/** How calls ended, as far as the status says: what an error means is said by `classifyStripeError`. */
type Outcome = "ok" | "refused" | "rate_limited" | "conflict" | "server_error" | "no_answer";

/**
 * Stripe's transport, counted and traced: each request is one call of `fetch`, since the client repeats none.
 *
 * @param meter absent: calls are only traced
 */
export function observeCalls(meter: Meter | undefined, send: typeof fetch = fetch): typeof fetch {
  return (url, init) => {
    const headers = new Headers(init?.headers);
    const operation = operationOf(init?.method ?? "GET", new URL(String(url)).pathname);
    const end = meter?.start("redress_stripe_call_seconds");
    const attributes = {
      "redress.operation": operation,
      ...given("stripe.account", headers.get("stripe-account")),
      ...given("redress.idempotency_key_hash", hashOf(headers.get("idempotency-key"))),
    };
    return inSpan({ name: `stripe ${operation}`, kind: "client", attributes }, async (span) => {
      try {
        const response = await send(url, init);
        end?.({ operation, outcome: outcomeOf(response.status) });
        await describe(span, response);
        return response;
      } catch (error) {
        end?.({ operation, outcome: "no_answer" });
        throw error;
      }
    });
  };
}

/** `POST /v1/refunds/{id}`: ids of Stripe's have an underscore or a digit beyond the version, its words have neither before the first. */
function operationOf(method: string, path: string): string {
  const parts = path.split("/").map((part) => (/^(v[12]|[a-z_]+)?$/.test(part) ? part : "{id}"));
  return `${method.toUpperCase()} ${parts.join("/")}`;
}

function outcomeOf(status: number): Outcome {
  if (status < 400) return "ok";
  if (status >= 500) return "server_error";
  if (status === 429) return "rate_limited";
  return status === 409 ? "conflict" : "refused";
}

/** Type and code of an error are Stripe's fixed words; its sentence may quote what was sent, and stays out. */
async function describe(span: Span, response: Response): Promise<void> {
  if (!span.isRecording()) return;
  span.setAttributes({
    "http.response.status_code": response.status,
    ...given("stripe.request_id", response.headers.get("request-id")),
    ...given("stripe.idempotent_replayed", response.headers.get("idempotent-replayed")),
  });
  if (response.status < 400) return;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const { type, code } = errorOf(body);
  span.setAttribute("error.type", type ?? outcomeOf(response.status));
  if (code !== null) span.setAttribute("stripe.error_code", code);
}

function errorOf(body: unknown): { type: string | null; code: string | null } {
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  if (typeof error !== "object" || error === null) return { type: null, code: null };
  const word = (value: unknown) => (typeof value === "string" && /^[a-z_]{1,60}$/.test(value) ? value : null);
  return { type: word("type" in error && error.type), code: word("code" in error && error.code) };
}

/** Tells two calls under one key from two under two; the key itself stands in the refund. */
const hashOf = (key: string | null) =>
  key === null ? null : createHash("sha256").update(key).digest("hex").slice(0, 16);

const given = (name: string, value: string | null): Record<string, string> =>
  value === null ? {} : { [name]: value };
