import { sql } from "drizzle-orm";
import { boolean, check, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** One product of the company, with at most one connected Stripe account. */
export const apps = pgTable(
  "apps",
  {
    id: text("id").primaryKey(),
    slug: text("slug").notNull().unique(),
    name: text("name").notNull(),
    /** Prefilled on Stripe's consent page for a new account. */
    contactEmail: text("contact_email"),
    websiteUrl: text("website_url"),
    productDescription: text("product_description"),

    /** The link to Stripe: all of it or nothing. The account's own access token is never kept. */
    stripeAccountId: text("stripe_account_id").unique(),
    stripeLivemode: boolean("stripe_livemode"),
    stripeScope: text("stripe_scope"),
    connectedAt: moment("connected_at"),
    connectedBy: text("connected_by"),
    disconnectedAt: moment("disconnected_at"),
    disconnectedReason: text("disconnected_reason"),

    /** The stop switch: while it is set, nothing that creates a refund is sent to Stripe for this app. */
    refundsStoppedAt: moment("refunds_stopped_at"),
    refundsStoppedBy: text("refunds_stopped_by"),
    refundsStoppedReason: text("refunds_stopped_reason"),

    /** Where signed notifications go; the secret is encrypted at rest. */
    notificationUrl: text("notification_url"),
    notificationSecretCiphertext: text("notification_secret_ciphertext"),
    /** The secret before the present one: signs and is believed beside it until then. */
    previousNotificationSecretCiphertext: text("previous_notification_secret_ciphertext"),
    previousNotificationSecretUntil: moment("previous_notification_secret_until"),
    revokeAccessOnPartialRefund: boolean("revoke_access_on_partial_refund").notNull().default(false),

    /** Whether a refund gives the platform's application fee back as well (Stripe: `refund_application_fee`). */
    refundApplicationFee: boolean("refund_application_fee").notNull().default(false),

    /** Id of the Slack channel where its requests are shown. Null: the desk's (`SLACK_CHANNEL`). */
    slackChannel: text("slack_channel"),

    /** How amounts and dates are written in mail to its customers (BCP 47), and where their answers go. */
    customerMailLocale: text("customer_mail_locale").notNull().default("en"),
    customerMailReplyTo: text("customer_mail_reply_to"),

    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (t) => [
    check("apps_slug_format", sql`${t.slug} ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'`),
    check("apps_slack_channel", sql`${t.slackChannel} ~ '^[CG][A-Z0-9]{2,30}$'`),
    check(
      "apps_connection_whole",
      sql`num_nonnulls(${t.stripeAccountId}, ${t.stripeLivemode}, ${t.stripeScope}, ${t.connectedAt}, ${t.connectedBy}) in (0, 5)`,
    ),
    check(
      "apps_stop_whole",
      sql`num_nonnulls(${t.refundsStoppedAt}, ${t.refundsStoppedBy}, ${t.refundsStoppedReason}) in (0, 3)`,
    ),
    check(
      "apps_previous_secret_whole",
      sql`num_nonnulls(${t.previousNotificationSecretCiphertext}, ${t.previousNotificationSecretUntil}) in (0, 2)`,
    ),
    check(
      "apps_notification_whole",
      sql`(${t.notificationUrl} is null) or (${t.notificationSecretCiphertext} is not null)`,
    ),
  ],
);

/** One journey to Stripe's consent page: single use, bound to operator, browser session and app. */
export const connectStates = pgTable("connect_states", {
  stateHash: text("state_hash").primaryKey(),
  appId: text("app_id")
    .notNull()
    .references(() => apps.id),
  operatorId: text("operator_id").notNull(),
  sessionHash: text("session_hash").notNull(),
  createdAt: moment("created_at").notNull(),
  expiresAt: moment("expires_at").notNull(),
  /** Set by the one request that may send the code to Stripe. */
  consumedAt: moment("consumed_at"),
  /** What the first callback led to, shown again when the page is loaded twice. */
  result: jsonb("result").$type<{ query: string }>(),
});
