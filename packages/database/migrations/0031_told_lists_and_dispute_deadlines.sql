ALTER TABLE "slack_messages" ALTER COLUMN "refund_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "purchases" ADD COLUMN "dispute_due_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "slack_messages" ADD COLUMN "bulk_refund_id" text;--> statement-breakpoint
ALTER TABLE "slack_messages" ADD CONSTRAINT "slack_messages_bulk_refund_id_bulk_refunds_id_fk" FOREIGN KEY ("bulk_refund_id") REFERENCES "public"."bulk_refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "purchases_open_disputes" ON "purchases" USING btree ("dispute_due_at","id") WHERE "purchases"."dispute_status" not in ('lost', 'won', 'warning_closed', 'prevented') or "purchases"."dispute_due_at" is not null;--> statement-breakpoint
CREATE INDEX "slack_messages_list" ON "slack_messages" USING btree ("bulk_refund_id") WHERE "slack_messages"."bulk_refund_id" is not null;--> statement-breakpoint
ALTER TABLE "slack_messages" ADD CONSTRAINT "slack_messages_subject" CHECK (num_nonnulls("slack_messages"."refund_id", "slack_messages"."bulk_refund_id") = 1);