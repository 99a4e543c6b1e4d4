DROP INDEX "audit_logs_superseded";--> statement-breakpoint
CREATE INDEX "audit_logs_replayed" ON "audit_logs" USING btree (("details" ->> 'eventId')) WHERE "audit_logs"."action" = 'event_replayed';