/**
 * The page for a journey to Stripe that could not be begun or concluded at all. Without its session a
 * callback cannot prove whose it is, which is what `invalid_state` says.
 */
export function afterConnectError(code: string): string {
  if (code === "permission_denied") return "/no-access";
  if (code === "sign_in_required" || code === "invalid_input") {
    return "/settings/integrations?error=invalid_state";
  }
  return "/settings/integrations?error=oauth_failed";
}
