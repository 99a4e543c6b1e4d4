import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from "@slack/web-api";

/**
 * What a failed call means. `later`: nobody knows whether it happened, or Slack asks for patience. `gone`: the
 * message or its channel is no more. `refused`: the settings are at fault, and the same call fails again.
 */
export type SlackFailure =
  | { readonly kind: "later"; readonly code: string; readonly retryAfterMs: number | null }
  | { readonly kind: "gone"; readonly code: string }
  | { readonly kind: "refused"; readonly code: string };

/** Slack's errors that pass by themselves (Slack: chat.postMessage, errors). */
const passing = new Set([
  "ratelimited",
  "rate_limited",
  "request_timeout",
  "service_unavailable",
  "fatal_error",
  "internal_error",
  "team_added_to_org",
  "accesslimited",
]);
const gone = new Set(["message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"]);

/** @throws the error itself when it is none of Slack's: a defect of ours */
export function classifySlackError(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: "later", code: "ratelimited", retryAfterMs: error.retryAfter * 1_000 };
  }
  if (error instanceof WebAPIRequestError) return { kind: "later", code: "no_answer", retryAfterMs: null };
  if (error instanceof WebAPIHTTPError) {
    return { kind: "later", code: `http_${error.statusCode}`, retryAfterMs: null };
  }
  if (!(error instanceof WebAPIPlatformError)) throw error;
  const { error: code } = error.data;
  if (passing.has(code)) return { kind: "later", code, retryAfterMs: null };
  return { kind: gone.has(code) ? "gone" : "refused", code };
}
