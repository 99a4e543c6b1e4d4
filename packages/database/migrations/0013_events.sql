CREATE TABLE "refund_proposals" (
	"id" text PRIMARY KEY NOT NULL,
	"purchase_id" text NOT NULL,
	"stripe_warning_id" text NOT NULL,
	"fraud_type" text NOT NULL,
	"status" text NOT NULL,
	"refund_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"closed_by" text,
	CONSTRAINT "refund_proposals_refund_id_unique" UNIQUE("refund_id"),
	CONSTRAINT "refund_proposals_warning" UNIQUE("purchase_id","stripe_warning_id"),
	CONSTRAINT "refund_proposals_closed" CHECK (("refund_proposals"."status" = 'open') = ("refund_proposals"."closed_at" is null)),
	CONSTRAINT "refund_proposals_accepted" CHECK (("refund_proposals"."status" = 'accepted') = ("refund_proposals"."refund_id" is not null)),
	CONSTRAINT "refund_proposals_decided" CHECK (("refund_proposals"."status" in ('accepted', 'dismissed')) = ("refund_proposals"."closed_by" is not null))
);
--> statement-breakpoint
ALTER TABLE "stripe_events" ADD COLUMN "expunged_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "stripe_events" ADD COLUMN "shape" text DEFAULT 'snapshot' NOT NULL;--> statement-breakpoint
ALTER TABLE "stripe_events" ADD COLUMN "labels" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "refund_proposals" ADD CONSTRAINT "refund_proposals_purchase_id_purchases_id_fk" FOREIGN KEY ("purchase_id") REFERENCES "public"."purchases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refund_proposals" ADD CONSTRAINT "refund_proposals_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "refund_proposals_open" ON "refund_proposals" USING btree ("created_at") WHERE "refund_proposals"."status" = 'open';--> statement-breakpoint
CREATE INDEX "outbox_messages_due_others" ON "outbox_messages" USING btree ("send_at") WHERE "outbox_messages"."send_at" is not null and "outbox_messages"."name" <> 'stripe/event.received';--> statement-breakpoint
CREATE INDEX "outbox_messages_dead" ON "outbox_messages" USING btree ("dead_at") WHERE "outbox_messages"."dead_at" is not null;--> statement-breakpoint
CREATE INDEX "stripe_events_expunged" ON "stripe_events" USING btree ("received_at") WHERE "stripe_events"."expunged_at" is not null;--> statement-breakpoint
update stripe_events set labels = array[label] where label is not null;--> statement-breakpoint
ALTER TABLE "stripe_events" DROP COLUMN "label";