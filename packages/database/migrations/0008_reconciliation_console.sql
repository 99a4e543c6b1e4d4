CREATE TABLE "request_shares" (
	"share" text PRIMARY KEY NOT NULL,
	"free_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "drifts_app_newest";--> statement-breakpoint
ALTER TABLE "reconciliation_runs" ADD COLUMN "refund_id" text;--> statement-breakpoint
ALTER TABLE "reconciliation_runs" ADD COLUMN "reached_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "reconciliation_runs" ADD CONSTRAINT "reconciliation_runs_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_logs_superseded" ON "audit_logs" USING btree ("refund_id") WHERE "audit_logs"."action" = 'refund_superseded';--> statement-breakpoint
CREATE INDEX "notifications_access_open" ON "notifications" USING btree ("created_at") WHERE "notifications"."access" <> 'keep' and "notifications"."status" in ('pending', 'received', 'declined', 'dead');--> statement-breakpoint
CREATE INDEX "drifts_newest" ON "drifts" USING btree ("found_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
-- Two of the same question may be running from before: one of them finds what both would.
UPDATE "reconciliation_runs" AS other SET "status" = 'failed', "last_error" = 'The same comparison was running already.', "finished_at" = other."updated_at", "next_attempt_at" = NULL
WHERE other."status" = 'running' AND other."kind" = 'asked' AND EXISTS (
  SELECT 1 FROM "reconciliation_runs" AS kept
  WHERE kept."status" = 'running' AND kept."kind" = 'asked' AND kept."app_id" = other."app_id"
    AND kept."stripe_account_id" = other."stripe_account_id" AND kept."asked_since" = other."asked_since"
    AND kept."id" < other."id"
);--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_runs_one_asked" ON "reconciliation_runs" USING btree ("app_id","stripe_account_id","asked_since") WHERE "reconciliation_runs"."status" = 'running' and "reconciliation_runs"."kind" = 'asked' and "reconciliation_runs"."refund_id" is null;--> statement-breakpoint
CREATE INDEX "drifts_app_newest" ON "drifts" USING btree ("app_id","found_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);