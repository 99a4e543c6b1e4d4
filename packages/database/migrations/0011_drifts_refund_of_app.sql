ALTER TABLE "refunds" ADD CONSTRAINT "refunds_of_app" UNIQUE("id","app_id");--> statement-breakpoint
-- Drifts were filed under the app of the run, which is another's where the account had moved.
UPDATE "drifts" SET "app_id" = "refunds"."app_id" FROM "refunds" WHERE "refunds"."id" = "drifts"."refund_id" AND "refunds"."app_id" <> "drifts"."app_id";--> statement-breakpoint
ALTER TABLE "drifts" ADD CONSTRAINT "drifts_refund_of_app" FOREIGN KEY ("refund_id","app_id") REFERENCES "public"."refunds"("id","app_id") ON DELETE no action ON UPDATE no action;
