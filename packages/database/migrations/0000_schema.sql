CREATE TABLE "approval_rules" (
	"app_id" text NOT NULL,
	"currency" text NOT NULL,
	"maximum_amount" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text NOT NULL,
	CONSTRAINT "approval_rules_app_id_currency_pk" PRIMARY KEY("app_id","currency"),
	CONSTRAINT "approval_rules_amount" CHECK ("approval_rules"."maximum_amount" > 0),
	CONSTRAINT "approval_rules_currency" CHECK ("approval_rules"."currency" ~ '^[a-z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "apps" (
	"id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"contact_email" text,
	"website_url" text,
	"product_description" text,
	"stripe_account_id" text,
	"stripe_livemode" boolean,
	"stripe_scope" text,
	"connected_at" timestamp (3) with time zone,
	"connected_by" text,
	"disconnected_at" timestamp (3) with time zone,
	"disconnected_reason" text,
	"notification_url" text,
	"notification_secret_ciphertext" text,
	"revoke_access_on_partial_refund" boolean DEFAULT false NOT NULL,
	"import_status" text DEFAULT 'none' NOT NULL,
	"import_cursor" text,
	"imported_count" integer DEFAULT 0 NOT NULL,
	"import_error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "apps_slug_unique" UNIQUE("slug"),
	CONSTRAINT "apps_stripe_account_id_unique" UNIQUE("stripe_account_id"),
	CONSTRAINT "apps_slug_format" CHECK ("apps"."slug" ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
	CONSTRAINT "apps_connection_whole" CHECK (num_nonnulls("apps"."stripe_account_id", "apps"."stripe_livemode", "apps"."stripe_scope", "apps"."connected_at", "apps"."connected_by") in (0, 5)),
	CONSTRAINT "apps_notification_whole" CHECK (("apps"."notification_url" is null) or ("apps"."notification_secret_ciphertext" is not null))
);
--> statement-breakpoint
CREATE TABLE "connect_states" (
	"state_hash" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"operator_id" text NOT NULL,
	"session_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"consumed_at" timestamp (3) with time zone,
	"result" jsonb
);
--> statement-breakpoint
CREATE TABLE "audit_logs" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"app_id" text,
	"purchase_id" text,
	"refund_id" text,
	"correlation_id" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_seals" (
	"number" bigint PRIMARY KEY NOT NULL,
	"audit_log_id" bigint NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	"sealed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_seals_audit_log_id_unique" UNIQUE("audit_log_id"),
	CONSTRAINT "audit_seals_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "outbox_messages" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"fact_key" text NOT NULL,
	"data" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"send_at" timestamp (3) with time zone,
	"send_count" integer DEFAULT 0 NOT NULL,
	"completed_at" timestamp (3) with time zone,
	"dead_at" timestamp (3) with time zone,
	"last_error" text,
	CONSTRAINT "outbox_messages_fact_key_unique" UNIQUE("fact_key")
);
--> statement-breakpoint
CREATE TABLE "stripe_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"account_id" text,
	"livemode" boolean NOT NULL,
	"api_version" text,
	"stripe_created_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"endpoint" text NOT NULL,
	"payload" text NOT NULL,
	"status" text NOT NULL,
	"label" text,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"handled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"notification_id" text NOT NULL,
	"number" integer NOT NULL,
	"url" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"http_status" integer,
	"response_body" text,
	"error_code" text,
	CONSTRAINT "deliveries_number" UNIQUE("notification_id","number")
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"purchase_id" text NOT NULL,
	"refund_id" text NOT NULL,
	"type" text NOT NULL,
	"sequence" integer NOT NULL,
	"access" text NOT NULL,
	"payload" jsonb NOT NULL,
	"status" text NOT NULL,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"lease_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone,
	"done_at" timestamp (3) with time zone,
	"answer" text,
	CONSTRAINT "notifications_fact" UNIQUE("refund_id","type"),
	CONSTRAINT "notifications_sequence" UNIQUE("purchase_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "desk_settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" boolean NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operator_credentials" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp (3) with time zone,
	"refresh_token_expires_at" timestamp (3) with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operator_roles" (
	"id" text PRIMARY KEY NOT NULL,
	"operator_id" text NOT NULL,
	"app_id" text,
	"role" text NOT NULL,
	"granted_at" timestamp (3) with time zone NOT NULL,
	"granted_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operator_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "operator_sessions_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "operator_verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operators" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "operators_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "purchases" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"stripe_account_id" text NOT NULL,
	"stripe_charge_id" text NOT NULL,
	"stripe_payment_intent_id" text,
	"stripe_customer_id" text,
	"livemode" boolean NOT NULL,
	"amount_captured" bigint NOT NULL,
	"currency" text NOT NULL,
	"customer_email" text,
	"customer_name" text,
	"product_name" text,
	"order_number" text,
	"description" text,
	"payment_method_brand" text,
	"payment_method_last4" text,
	"personal_salt" text NOT NULL,
	"dispute_status" text,
	"refunds_blocked_by_dispute" boolean DEFAULT false NOT NULL,
	"access" text DEFAULT 'granted' NOT NULL,
	"last_sequence" integer DEFAULT 0 NOT NULL,
	"purchased_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "purchases_charge" UNIQUE("stripe_account_id","stripe_charge_id"),
	CONSTRAINT "purchases_identity" UNIQUE("id","app_id","stripe_account_id","stripe_charge_id","currency"),
	CONSTRAINT "purchases_amount" CHECK ("purchases"."amount_captured" >= 0),
	CONSTRAINT "purchases_currency" CHECK ("purchases"."currency" ~ '^[a-z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"id" text PRIMARY KEY NOT NULL,
	"refund_id" text NOT NULL,
	"purchase_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"requested_by_owner" text NOT NULL,
	"decision" text NOT NULL,
	"decided_by_kind" text NOT NULL,
	"decided_by_id" text NOT NULL,
	"self_approved" boolean DEFAULT false NOT NULL,
	"note" text,
	"decided_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "approvals_not_own" CHECK ("approvals"."decision" = 'rejected' or "approvals"."decided_by_kind" = 'policy' or "approvals"."decided_by_id" <> "approvals"."requested_by_owner" or "approvals"."self_approved")
);
--> statement-breakpoint
CREATE TABLE "refund_attempts" (
	"id" text PRIMARY KEY NOT NULL,
	"refund_id" text NOT NULL,
	"number" integer NOT NULL,
	"kind" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"outcome" text,
	"http_status" integer,
	"error_code" text,
	"error_message" text,
	"stripe_request_id" text,
	"replayed" boolean DEFAULT false NOT NULL,
	CONSTRAINT "refund_attempts_number" UNIQUE("refund_id","number")
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"purchase_id" text NOT NULL,
	"stripe_account_id" text NOT NULL,
	"stripe_charge_id" text NOT NULL,
	"origin" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"reason" text,
	"note" text,
	"requested_by_kind" text NOT NULL,
	"requested_by_id" text NOT NULL,
	"requested_by_owner" text NOT NULL,
	"request_key" text,
	"request_hash" text,
	"status" text NOT NULL,
	"approval_id" text,
	"idempotency_key" text,
	"outcome_unknown" boolean DEFAULT false NOT NULL,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	"first_attempt_at" timestamp (3) with time zone,
	"last_attempt_at" timestamp (3) with time zone,
	"next_attempt_at" timestamp (3) with time zone,
	"lease_until" timestamp (3) with time zone,
	"stripe_refund_id" text,
	"pending_reason" text,
	"failure_reason" text,
	"bank_reference" text,
	"refused_code" text,
	"refused_message" text,
	"blocked_code" text,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"settled_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "refunds_idempotency_key_unique" UNIQUE("idempotency_key"),
	CONSTRAINT "refunds_request" UNIQUE("id","purchase_id","amount","currency","requested_by_owner"),
	CONSTRAINT "refunds_amount" CHECK ("refunds"."amount" > 0),
	CONSTRAINT "refunds_key_form" CHECK ("refunds"."idempotency_key" is null or "refunds"."idempotency_key" = 'refund:' || "refunds"."purchase_id" || ':' || "refunds"."approval_id"),
	CONSTRAINT "refunds_approved_before_sent" CHECK ("refunds"."origin" = 'stripe' or "refunds"."status" in ('requested', 'awaiting_approval', 'rejected', 'expired', 'withdrawn') or "refunds"."approval_id" is not null),
	CONSTRAINT "refunds_key_before_attempt" CHECK ("refunds"."attempt_count" = 0 or "refunds"."idempotency_key" is not null),
	CONSTRAINT "refunds_settled_at_stripe" CHECK ("refunds"."status" not in ('pending', 'requires_action', 'succeeded', 'failed', 'canceled') or "refunds"."stripe_refund_id" is not null),
	CONSTRAINT "refunds_unknown_stays_reserved" CHECK (not "refunds"."outcome_unknown" or "refunds"."status" in ('executing', 'superseded')),
	CONSTRAINT "refunds_refused_reason" CHECK (("refunds"."status" = 'refused') = ("refunds"."refused_code" is not null)),
	CONSTRAINT "refunds_blocked_reason" CHECK (("refunds"."status" = 'blocked') = ("refunds"."blocked_code" is not null)),
	CONSTRAINT "refunds_foreign_shape" CHECK (("refunds"."origin" = 'stripe') = ("refunds"."requested_by_kind" = 'stripe'))
);
--> statement-breakpoint
ALTER TABLE "approval_rules" ADD CONSTRAINT "approval_rules_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connect_states" ADD CONSTRAINT "connect_states_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_seals" ADD CONSTRAINT "audit_seals_audit_log_id_audit_logs_id_fk" FOREIGN KEY ("audit_log_id") REFERENCES "public"."audit_logs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_notification_id_notifications_id_fk" FOREIGN KEY ("notification_id") REFERENCES "public"."notifications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_purchase_id_purchases_id_fk" FOREIGN KEY ("purchase_id") REFERENCES "public"."purchases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operator_credentials" ADD CONSTRAINT "operator_credentials_user_id_operators_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."operators"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operator_roles" ADD CONSTRAINT "operator_roles_operator_id_operators_id_fk" FOREIGN KEY ("operator_id") REFERENCES "public"."operators"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operator_roles" ADD CONSTRAINT "operator_roles_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operator_sessions" ADD CONSTRAINT "operator_sessions_user_id_operators_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."operators"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchases" ADD CONSTRAINT "purchases_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_of_request" FOREIGN KEY ("refund_id","purchase_id","amount","currency","requested_by_owner") REFERENCES "public"."refunds"("id","purchase_id","amount","currency","requested_by_owner") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refund_attempts" ADD CONSTRAINT "refund_attempts_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_approval_id_approvals_id_fk" FOREIGN KEY ("approval_id") REFERENCES "public"."approvals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_of_purchase" FOREIGN KEY ("purchase_id","app_id","stripe_account_id","stripe_charge_id","currency") REFERENCES "public"."purchases"("id","app_id","stripe_account_id","stripe_charge_id","currency") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_logs_refund" ON "audit_logs" USING btree ("refund_id","id");--> statement-breakpoint
CREATE INDEX "audit_logs_purchase" ON "audit_logs" USING btree ("purchase_id","id");--> statement-breakpoint
CREATE INDEX "audit_logs_app" ON "audit_logs" USING btree ("app_id","id");--> statement-breakpoint
CREATE INDEX "audit_logs_correlation" ON "audit_logs" USING btree ("correlation_id");--> statement-breakpoint
CREATE INDEX "outbox_messages_due" ON "outbox_messages" USING btree ("send_at") WHERE "outbox_messages"."send_at" is not null;--> statement-breakpoint
CREATE INDEX "stripe_events_newest" ON "stripe_events" USING btree ("received_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "stripe_events_open" ON "stripe_events" USING btree ("received_at") WHERE "stripe_events"."status" in ('received', 'failed');--> statement-breakpoint
CREATE INDEX "notifications_due" ON "notifications" USING btree ("next_attempt_at") WHERE "notifications"."next_attempt_at" is not null;--> statement-breakpoint
CREATE INDEX "notifications_app_newest" ON "notifications" USING btree ("app_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "operator_roles_app" ON "operator_roles" USING btree ("operator_id","app_id") WHERE "operator_roles"."app_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "operator_roles_all" ON "operator_roles" USING btree ("operator_id") WHERE "operator_roles"."app_id" is null;--> statement-breakpoint
CREATE INDEX "operator_sessions_user" ON "operator_sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "purchases_app_newest" ON "purchases" USING btree ("app_id","purchased_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "purchases_newest" ON "purchases" USING btree ("purchased_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "purchases_payment_intent" ON "purchases" USING btree ("stripe_payment_intent_id");--> statement-breakpoint
CREATE INDEX "purchases_order_number" ON "purchases" USING btree ("order_number");--> statement-breakpoint
CREATE INDEX "purchases_email" ON "purchases" USING btree (lower("customer_email") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "purchases_name" ON "purchases" USING btree (lower("customer_name") text_pattern_ops);--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_one_decision" ON "approvals" USING btree ("refund_id") WHERE "approvals"."revoked_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_stripe_refund" ON "refunds" USING btree ("stripe_account_id","stripe_refund_id");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_request_key" ON "refunds" USING btree ("requested_by_id","request_key") WHERE "refunds"."request_key" is not null;--> statement-breakpoint
CREATE INDEX "refunds_purchase" ON "refunds" USING btree ("purchase_id");--> statement-breakpoint
CREATE INDEX "refunds_newest" ON "refunds" USING btree ("requested_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "refunds_app_newest" ON "refunds" USING btree ("app_id","requested_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "refunds_status" ON "refunds" USING btree ("status","requested_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "refunds_due" ON "refunds" USING btree ("next_attempt_at") WHERE "refunds"."next_attempt_at" is not null;