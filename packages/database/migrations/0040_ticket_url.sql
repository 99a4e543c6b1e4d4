ALTER TABLE "refunds" ADD COLUMN "ticket_url" text;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_ticket_url" CHECK ("refunds"."ticket_url" ~ '^https?://' and length("refunds"."ticket_url") <= 500);
