DROP INDEX "notifications_app_newest";--> statement-breakpoint
CREATE INDEX "audit_logs_actor" ON "audit_logs" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_logs_action" ON "audit_logs" USING btree ("action","id");--> statement-breakpoint
CREATE INDEX "audit_logs_at" ON "audit_logs" USING btree ("at");--> statement-breakpoint
CREATE INDEX "notifications_app_newest" ON "notifications" USING btree ("app_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);