import Stripe from "stripe";
import { classifyStripeError } from "./classify-error.ts";

export type OAuthOutcome =
  /** Stripe answered no, with its OAuth code (`invalid_grant`, `invalid_client` …). */
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  /** Nobody knows whether Stripe did it. */
  | { readonly kind: "unknown"; readonly message: string };

/** Says what an error of `/oauth/token` or `/oauth/deauthorize` means. Their bodies are flat: `error` is the code. */
export function classifyOAuthError(error: unknown): OAuthOutcome {
  if (error instanceof Stripe.errors.StripeOAuthError) {
    return { kind: "refused", code: error.rawType ?? "invalid_request", message: error.message };
  }
  // A lost connection, a rate limit or a proxy's answer: the body was not OAuth's.
  return { kind: "unknown", message: classifyStripeError(error).message };
}
