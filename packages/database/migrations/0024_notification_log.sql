ALTER TABLE "notifications" ALTER COLUMN "purchase_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "notifications" ALTER COLUMN "refund_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "previous_notification_secret_ciphertext" text;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "previous_notification_secret_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "request_headers" jsonb;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "response_headers" jsonb;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "error_message" text;--> statement-breakpoint
CREATE INDEX "notifications_newest" ON "notifications" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "notifications_status_newest" ON "notifications" USING btree ("status","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "notifications_app_waiting" ON "notifications" USING btree ("app_id") WHERE "notifications"."next_attempt_at" is not null;--> statement-breakpoint
CREATE INDEX "notifications_app_leased" ON "notifications" USING btree ("app_id","lease_until") WHERE "notifications"."lease_until" is not null;--> statement-breakpoint
ALTER TABLE "apps" ADD CONSTRAINT "apps_previous_secret_whole" CHECK (num_nonnulls("apps"."previous_notification_secret_ciphertext", "apps"."previous_notification_secret_until") in (0, 2));--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_subject" CHECK (case when "notifications"."type" = 'ping' then "notifications"."access" = 'keep' and num_nonnulls("notifications"."purchase_id", "notifications"."refund_id") = 0 else num_nonnulls("notifications"."purchase_id", "notifications"."refund_id") = 2 end);