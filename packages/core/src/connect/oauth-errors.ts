/** What `/settings/integrations?error=…` can say. */
const connectErrors = {
  denied:
    "The connection was cancelled on Stripe's page, so nothing was changed. Start again when you want to connect.",
  invalid_state:
    "This link back from Stripe is not valid: it is older than ten minutes, was used before, or belongs to another browser or person. Start again from the app's page.",
  expired:
    "Stripe no longer accepts the code of this connection: codes live five minutes and work once. Start again. If it keeps happening, check that STRIPE_CONNECT_CLIENT_ID and STRIPE_SECRET_KEY are of the same platform and mode.",
  account_in_use:
    "This Stripe account is already connected to another app, and stays with it. Disconnect it there first, or choose another account.",
  mode_mismatch:
    "This Stripe account was connected in the other mode: live and test are separate. Use the installation of that mode, or connect again in this one's.",
  oauth_failed: "Stripe did not complete the connection. Start again.",
} as const;
export type ConnectError = keyof typeof connectErrors;

/** Stripe's OAuth codes, and our own reasons beside them: what each asks of the operator. */
const oauthReasons = {
  access_denied: connectErrors.denied,
  invalid_grant: connectErrors.expired,
  invalid_scope:
    "Stripe did not accept the scope read_write. Turn on OAuth with read_write for Standard accounts in the platform's Connect settings; an account that another platform controls cannot be connected.",
  invalid_redirect_uri:
    "Stripe does not know this installation's address. Add NEXT_PUBLIC_URL followed by /api/stripe/connect/callback to the redirect URIs in the platform's Connect settings.",
  invalid_client:
    "Stripe does not accept this platform. Check that STRIPE_CONNECT_CLIENT_ID and STRIPE_SECRET_KEY are of the same platform and mode.",
  invalid_request:
    "Stripe found the request incomplete. Start again; if it keeps happening, update Redress and report it with the time of the attempt.",
  unsupported_grant_type: "Stripe refused the way the code was exchanged. Update Redress and start again.",
  unsupported_response_type: "Stripe refused the way the code was asked for. Update Redress and start again.",
  no_deauth_on_controlled_account:
    "This platform controls the account, so Stripe does not let it be disconnected here. Close or release the account in the Stripe Dashboard.",
  unknown_outcome:
    "Stripe's answer did not arrive, so nobody knows whether the connection was made. Start again: Stripe recognises an account that is already connected.",
  read_only:
    "Access was given for reading only (scope read_only), which cannot make refunds. Start again and allow read_write.",
  app_already_connected:
    "This app is connected to another Stripe account. Disconnect that one first, then connect the new one.",
  no_code: "Stripe sent you back without a code and without a reason. Start again.",
  other: connectErrors.oauth_failed,
} as const;
export type OAuthReason = keyof typeof oauthReasons;

export function isOAuthReason(code: string): code is OAuthReason {
  return Object.hasOwn(oauthReasons, code);
}

/** The sentence for a code of Stripe's, or for one of our reasons. Unknown codes get the general one. */
export function oauthSentence(code: string): string {
  return isOAuthReason(code) ? oauthReasons[code] : oauthReasons.other;
}

/**
 * The sentence for the settings page.
 *
 * @param error the query's `error`
 * @param reason the query's `reason`, present with `oauth_failed`
 */
export function connectErrorSentence(error: string, reason?: string | null): string {
  if (error === "oauth_failed" && reason) return oauthSentence(reason);
  return isConnectError(error) ? connectErrors[error] : connectErrors.oauth_failed;
}

function isConnectError(error: string): error is ConnectError {
  return Object.hasOwn(connectErrors, error);
}
