import Stripe from "stripe";

/** What an error of Stripe's says beside its kind. `null` where Stripe said nothing. */
interface StripeFacts {
  readonly httpStatus: number | null;
  /** Stripe's own `code`. */
  readonly stripeCode: string | null;
  readonly requestId: string | null;
  /** Stripe's sentence: to show and keep, never to branch on. */
  readonly message: string;
  /** True when Stripe answered from its memory of the idempotency key (`Idempotent-Replayed`). */
  readonly replayed: boolean;
}

export type UnknownReason =
  | "timeout"
  | "connection"
  | "server_error"
  | "invalid_response"
  | "authentication"
  | "idempotency_mismatch"
  | "unexpected_answer";

export type StripeOutcome = StripeFacts &
  (
    | { readonly kind: "refused"; readonly code: string }
    | { readonly kind: "already_refunded" }
    | { readonly kind: "disputed" }
    | { readonly kind: "no_access" }
    | { readonly kind: "later"; readonly retryAfterMs: number | null }
    | {
        readonly kind: "unknown";
        readonly reason: UnknownReason;
        /** True when it will not pass by itself: our key or our code is at fault. */
        readonly alarm: boolean;
        /** True when Stripe keeps this answer under the key for a day: asking again tells nothing new. */
        readonly storedAnswer: boolean;
      }
  );

type Verdict = StripeOutcome extends infer Outcome
  ? Outcome extends StripeOutcome
    ? Omit<Outcome, keyof StripeFacts>
    : never
  : never;

/** Codes that speak of the platform's key, whatever their status: they say nothing about the request. */
const keyCodes = new Set([
  "api_key_expired",
  "platform_api_key_expired",
  "platform_account_required",
  "livemode_mismatch",
  "secret_key_required",
]);
/** The types of errors that say no (Stripe: errors); the others say that something went wrong. */
const refusalTypes = new Set<string>(["invalid_request_error", "card_error"]);
/** 409 comes with either type (Stripe: a key that is in use), 429 with the first. */
const putOffTypes = new Set<string>(["invalid_request_error", "idempotency_error"]);
const disputeCodes = new Set(["charge_disputed", "refund_disputed_payment"]);
/** Parameters by which Stripe names a charge that it does not have (Stripe: refunds, errors on create). */
const chargeParams = new Set(["id", "charge"]);

/** Whether it came from Stripe or the way to it; otherwise it is our database's, or a defect of ours. */
export function isStripeError(error: unknown): error is Stripe.errors.StripeError {
  return error instanceof Stripe.errors.StripeError;
}

/**
 * Says what an error of the Stripe SDK means for a call: the only place that looks into such errors.
 * Statuses, types, codes and params decide; messages never do, since Stripe rewords them.
 *
 * Whatever cannot be read as a refusal is `unknown`: the call may have been executed.
 */
export function classifyStripeError(error: unknown): StripeOutcome {
  if (!isStripeError(error)) {
    const message = error instanceof Error ? error.message : String(error);
    const facts = { httpStatus: null, stripeCode: null, requestId: null, message, replayed: false };
    return { ...facts, ...unknown("unexpected_answer", true, false) };
  }
  const facts: StripeFacts = {
    httpStatus: error.statusCode ?? null,
    stripeCode: error.code ?? null,
    requestId: error.requestId ?? null,
    message: error.message,
    replayed: error.headers?.["idempotent-replayed"] === "true",
  };
  return { ...facts, ...judge(error, facts.replayed) };
}

function judge(error: Stripe.errors.StripeError, replayed: boolean): Verdict {
  const { statusCode: status, code } = error;
  if (error instanceof Stripe.errors.StripeConnectionError) {
    return unknown(isTimeout(error) ? "timeout" : "connection", false, false);
  }
  if (status === undefined) return unknown("invalid_response", false, false);
  if (isPutOff(error, status)) return { kind: "later", retryAfterMs: retryAfterMs(error) };
  if (status === 401 || (code !== undefined && keyCodes.has(code))) {
    return unknown("authentication", true, false);
  }
  if (error.rawType === "idempotency_error") return unknown("idempotency_mismatch", true, false);
  if (status >= 500 || status === 424) return unknown("server_error", false, replayed);
  // Stripe refuses in words of its own; a 4xx in others comes from something on the way to it.
  if (error.rawType === undefined || !refusalTypes.has(error.rawType)) {
    return unknown("unexpected_answer", true, replayed);
  }
  if (status === 403) {
    // Only this code says that the account is out of reach; other 403s speak of a scope or a restricted key.
    return code === "account_invalid"
      ? { kind: "no_access" }
      : { kind: "refused", code: "not_authorized_to_refund" };
  }
  if (status === 400 || status === 402 || status === 404) return judgeRefusal(error, status);
  return unknown("unexpected_answer", true, replayed);
}

/**
 * Stripe did nothing yet. Only in its own words: a gateway that says 429 or 409 may have passed the call on,
 * and a 5xx of any code may have come after the work.
 */
function isPutOff({ rawType, code }: Stripe.errors.StripeError, status: number): boolean {
  if (status >= 500 || rawType === undefined || !putOffTypes.has(rawType)) return false;
  return status === 429 || status === 409 || code === "rate_limit" || code === "lock_timeout";
}

function judgeRefusal(error: Stripe.errors.StripeError, status: number): Verdict {
  const { code, param } = error;
  if (code === "charge_already_refunded") return { kind: "already_refunded" };
  if (code !== undefined && disputeCodes.has(code)) return { kind: "disputed" };
  if (code === "resource_missing" && param !== undefined && chargeParams.has(param)) {
    return { kind: "refused", code: "charge_not_found" };
  }
  // Stripe gives this one no code: an amount that is well-formed, and more than is left.
  if (code === undefined && param === "amount") return { kind: "refused", code: "amount_exceeds_remaining" };
  // A 404 without a code is an address that Stripe does not know: a proxy or a defect, not a refusal.
  if (code === undefined && status === 404) return unknown("unexpected_answer", true, false);
  return { kind: "refused", code: code ?? "invalid_request" };
}

function unknown(reason: UnknownReason, alarm: boolean, storedAnswer: boolean): Verdict {
  return { kind: "unknown", reason, alarm, storedAnswer };
}

/** The SDK's own mark of a timeout; its `detail` is the error of the transport. */
function isTimeout(error: Stripe.errors.StripeError): boolean {
  const detail: unknown = error.detail;
  return detail instanceof Error && "code" in detail && detail.code === "ETIMEDOUT";
}

function retryAfterMs(error: Stripe.errors.StripeError): number | null {
  const seconds = Number(error.headers?.["retry-after"] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
