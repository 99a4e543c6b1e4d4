/** What the log can say. One change of state, one action. */
export const auditActions = [
  "operator_created",
  /** What is personal of a customer was removed, or given out; see `details` for how much, and nowhere for whom. */
  "customer_erased",
  "customer_exported",
  "operator_role_granted",
  "operator_password_set",
  "operator_deactivated",
  "operator_activated",
  "invitation_sent",
  "invitation_accepted",
  "invitation_revoked",
  "sign_in",
  /** A wrong password or code, or too many attempts (see `details.why`). */
  "sign_in_refused",
  "sign_out",
  "password_reset",
  "second_factor_on",
  "second_factor_off",
  "second_factor_reset",
  "session_ended",
  "desk_setting_changed",
  /** An operator said which user of Slack they are, or took it back (or an administrator did). */
  "slack_linked",
  "slack_unlinked",
  /** Whether an operator gets requests by e-mail as well. */
  "approval_mail_changed",
  /** Filters of a page under a name, for everybody who may see it. */
  "view_shared",
  "shared_view_renamed",
  "shared_view_deleted",
  "api_key_created",
  "api_key_rotated",
  "api_key_revoked",
  /** A key was used that has ended, or for what it may not do (see `details.why`); once an hour for each reason. */
  "api_key_refused",
  "api_key_webhook_set",
  /** A link for an app's developer; what is done with it has the link as its actor. */
  "portal_link_created",
  "portal_link_opened",
  "portal_link_revoked",
  /** The developer read the body of a message; once for each. */
  "portal_delivery_read",
  /** Of what a helpdesk signs with. What is asked for by it has the person as its actor, and `details.via`. */
  "embed_key_created",
  "embed_key_rotated",
  "embed_key_revoked",
  /** A person tried what they may not do (see `details.why`); once an hour for each reason. */
  "operator_refused",
  "app_created",
  "app_updated",
  /** Of what an app's customers are written to, and in which words. */
  "customer_mail_changed",
  "app_connected",
  "app_disconnected",
  /** The stop switch of an app was set, or released. */
  "refunds_stopped",
  "refunds_released",
  /** A new version of an app's policy, or, with no app, of the desk's own. */
  "policy_changed",
  "connect_failed",
  /** A person asked for the account's history once more. */
  "purchase_import_started",
  "purchases_imported",
  /** A test card was charged on the app's account, to be refunded. */
  "test_refund_started",
  "purchase_reported",
  "access_changed",
  "refund_requested",
  "approval_awaited",
  /** Approved by a person whose approval is not enough alone. */
  "refund_endorsed",
  "endorsement_taken_back",
  /** A request waits longer than the policy wants; the approvers are to be told, then the admins. */
  "approval_reminded",
  "approval_escalated",
  "refund_commented",
  "refund_approved",
  "refund_rejected",
  "refund_expired",
  "refund_withdrawn",
  "refund_executing",
  "refund_refused",
  "refund_blocked",
  "refund_resumed",
  "refund_superseded",
  /** Our call made a refund that stands in another row (see `details.standsIn`). */
  "refund_misattributed",
  "refund_outcome_unknown",
  /** Stripe's own word on the refund's state: by answer, webhook or reconciliation (see `details.source`). */
  "refund_confirmed",
  "refund_taken_in",
  /** The customer was written to (see `details.kind`). */
  "customer_mail_queued",
  "refund_charge_unknown",
  /** Of a list of refunds; those of its lines have entries of their own, with the list's id. */
  "bulk_refund_requested",
  "bulk_refund_sealed",
  "bulk_refund_endorsed",
  "bulk_refund_approved",
  "bulk_refund_rejected",
  "bulk_refund_withdrawn",
  "bulk_refund_expired",
  "bulk_refund_paused",
  "bulk_refund_resumed",
  "bulk_refund_canceled",
  "bulk_refund_finished",
  "dispute_changed",
  "early_fraud_warning",
  "refund_proposed",
  "proposal_accepted",
  "proposal_dismissed",
  /** There was nothing left to propose (see `details.why`). */
  "proposal_lapsed",
  "notification_done",
  "notification_resent",
  /** A signed message about nothing: what the app answered is in the log of deliveries. */
  "ping_sent",
  "event_replayed",
  /** All events of a window were sent again; each has its own `event_replayed`. */
  "events_replayed",
  /** A message that had failed for good was sent again. */
  "message_replayed",
  /** A person asked for a comparison with Stripe; those that the desk starts by itself are no entries. */
  "comparison_started",
] as const;
export type AuditAction = (typeof auditActions)[number];
