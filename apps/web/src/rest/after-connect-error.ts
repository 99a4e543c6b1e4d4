/** The query's `error` for an app that is none, or not the operator's to connect. */
export const unknownApp = "unknown_app";

/**
 * The page for a journey to Stripe that could not be concluded at all. Without its session a callback
 * cannot prove whose it is, which is what `invalid_state` says.
 */
export function afterConnectError(code: string): string {
  if (code === "permission_denied") return "/no-access";
  if (code === "sign_in_required" || code === "invalid_input") {
    return "/settings/integrations?error=invalid_state";
  }
  return "/settings/integrations?error=oauth_failed";
}

/** The page for a journey that could not be begun. */
export function afterAuthorizeError(code: string): string {
  if (code === "sign_in_required") return "/settings/integrations";
  if (code === "invalid_input" || code === "app_not_found") {
    return `/settings/integrations?error=${unknownApp}`;
  }
  return afterConnectError(code);
}
