DROP INDEX "purchases_name";--> statement-breakpoint
CREATE INDEX "purchases_name_words" ON "purchases" USING gin (to_tsvector('simple', "customer_name"));--> statement-breakpoint
CREATE INDEX "purchases_last4" ON "purchases" USING btree ("payment_method_last4");