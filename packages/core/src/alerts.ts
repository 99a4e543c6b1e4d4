import type { Logger } from "./dependencies.ts";

/**
 * What operators should be woken for. The names are fixed: alert rules match on the log's member `alert`.
 */
export type AlertName =
  /** Money that was told to have been returned came back: the customer has nothing. */
  | "refund_failed_after_success"
  /** Stripe made a refund that a person had replaced by another one. */
  | "superseded_refund_found"
  /** Stripe's answer points to a fault in our key or program. */
  | "stripe_answer_unexpected"
  /** An equal refund at Stripe cannot be attributed: retries stop until a person has looked. */
  | "refund_unattributed"
  /** Our call made a refund that stands in another row than the call's. */
  | "refund_misattributed"
  /** Stripe does not accept the platform's key for the connected accounts. */
  | "platform_key_at_fault"
  /** Stripe takes no payments for a connected account, or pays nothing out: its refunds may fail. */
  | "account_restricted"
  /** Our books and Stripe's differ, and only a person can say which is right. */
  | "drift_undecided"
  /** Slack refuses what the desk posts: requests wait in the console, unseen in Slack. */
  | "slack_refused"
  /** A comparison was given up: the desk itself failed at the same step each time. */
  | "comparison_failed"
  /** Something is sealed with a `REDRESS_SECRET` that this desk was not given. */
  | "secret_unknown";

/** Writes an alert: a line at error level with a fixed name. */
export function raiseAlert(
  { logger }: { logger: Logger },
  alert: AlertName,
  facts: Record<string, unknown>,
  sentence: string,
): void {
  logger.error({ alert, ...facts }, sentence);
}
