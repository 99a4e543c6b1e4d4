/**
 * Every error that a caller can meet, with its HTTP status. The code is stable: programs branch on it.
 * The sentence is for people and says what to do next; the console, REST and MCP show the same one.
 */
export const errorStatuses = {
  // Input
  invalid_input: 400,
  method_not_allowed: 405,
  amount_invalid: 400,
  amount_exceeds_remaining: 409,
  currency_mismatch: 400,
  // Things that are not there, or not the caller's to see
  not_found: 404,
  app_not_found: 404,
  purchase_not_found: 404,
  refund_not_found: 404,
  bulk_refund_not_found: 404,
  event_not_found: 404,
  notification_not_found: 404,
  dead_letter_not_found: 404,
  proposal_not_found: 404,
  key_not_found: 404,
  portal_link_not_found: 404,
  embed_key_not_found: 404,
  slack_not_configured: 404,
  slack_identity_not_found: 404,
  invitation_not_found: 404,
  saved_view_not_found: 404,
  // State
  already_refunded: 409,
  already_decided: 409,
  bulk_refund_state: 409,
  list_changed: 409,
  notification_not_resendable: 409,
  notification_unaddressed: 409,
  event_not_replayable: 409,
  proposal_closed: 409,
  not_awaiting_approval: 409,
  not_endorsed: 409,
  too_many_comments: 409,
  outcome_unknown: 409,
  not_supersedable: 409,
  request_key_conflict: 409,
  request_open: 409,
  reason_unknown: 400,
  csv_invalid: 400,
  key_ended: 409,
  embed_key_revoked: 409,
  invitation_ended: 409,
  mail_not_configured: 409,
  approval_missing: 409,
  app_not_connected: 409,
  dispute_open: 409,
  refunds_stopped: 409,
  refunds_in_flight: 409,
  test_mode_only: 409,
  app_slug_taken: 409,
  policy_changed: 409,
  policy_not_simple: 409,
  stripe_refused: 409,
  request_changed: 409,
  saved_view_refused: 409,
  slack_code_invalid: 409,
  // Permission
  sign_in_required: 401,
  permission_denied: 403,
  own_request: 403,
  not_authorized_to_refund: 403,
  signature_invalid: 401,
  slack_signature_invalid: 401,
  key_invalid: 401,
  key_expired: 401,
  key_revoked: 401,
  portal_link_ended: 401,
  embed_token_invalid: 401,
  embed_token_expired: 401,
  rate_limited: 429,
  // Connect
  oauth_failed: 502,
  deauthorize_failed: 502,
  // Webhooks
  webhook_signature_invalid: 400,
  webhook_body_invalid: 400,
  webhook_body_incomplete: 400,
  webhook_body_too_large: 413,
  webhooks_overloaded: 503,
  // Ours
  body_too_large: 413,
  bodies_overloaded: 503,
  stopping: 503,
  database_unavailable: 503,
  schema_behind: 503,
  stripe_unavailable: 503,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof errorStatuses;

/** A refusal that tells its reader what to do. Anything else thrown is a defect of ours. */
export class RedressError extends Error {
  override readonly name = "RedressError";
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  get status(): number {
    return errorStatuses[this.code];
  }
}

/** Works across bundles, where two copies of the class may meet. */
export function isRedressError(error: unknown): error is RedressError {
  return error instanceof Error && error.name === "RedressError" && "code" in error;
}
