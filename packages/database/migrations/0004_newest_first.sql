DROP INDEX "stripe_events_newest";--> statement-breakpoint
DROP INDEX "notifications_app_newest";--> statement-breakpoint
DROP INDEX "purchases_app_newest";--> statement-breakpoint
DROP INDEX "purchases_newest";--> statement-breakpoint
DROP INDEX "refunds_newest";--> statement-breakpoint
DROP INDEX "refunds_app_newest";--> statement-breakpoint
DROP INDEX "refunds_status";--> statement-breakpoint
CREATE INDEX "stripe_events_newest" ON "stripe_events" USING btree ("received_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "notifications_app_newest" ON "notifications" USING btree ("app_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "purchases_app_newest" ON "purchases" USING btree ("app_id","purchased_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "purchases_newest" ON "purchases" USING btree ("purchased_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "refunds_newest" ON "refunds" USING btree ("requested_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "refunds_app_newest" ON "refunds" USING btree ("app_id","requested_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "refunds_status" ON "refunds" USING btree ("status","requested_at" DESC NULLS FIRST);