import { SandboxError } from "../errors.ts";

const WINDOW_MS = 1000;

/** What Stripe says is exceeded (Stripe: rate limits). */
type LimitReason = "global-rate" | "endpoint-rate";

/** At most `perSecond` requests of one account in any second of the sandbox clock; 0 = no limit. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #nowMs: () => number;
  readonly #reason: LimitReason;
  readonly #recent = new Map<string, number[]>();

  constructor(perSecond: number, nowMs: () => number, reason: LimitReason = "global-rate") {
    this.#perSecond = perSecond;
    this.#nowMs = nowMs;
    this.#reason = reason;
  }

  /** @throws SandboxError 429 `rate_limit`; a refused request does not count */
  take(account: string): void {
    if (this.#perSecond === 0) return;
    const now = this.#nowMs();
    const recent = (this.#recent.get(account) ?? []).filter((at) => at > now - WINDOW_MS && at <= now);
    this.#recent.set(account, recent);
    if (recent.length >= this.#perSecond) throw rateLimited(this.#reason);
    recent.push(now);
  }

  clear(): void {
    this.#recent.clear();
  }
}

/** Source: contract section 6. */
export function rateLimited(reason: LimitReason = "global-rate"): SandboxError {
  return new SandboxError({
    status: 429,
    code: "rate_limit",
    message:
      "Request rate limit exceeded. Learn more about rate limits here https://docs.stripe.com/rate-limits.",
    headers: { "Stripe-Rate-Limited-Reason": reason },
  });
}
