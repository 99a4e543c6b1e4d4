ALTER TABLE "api_keys" ADD COLUMN "webhook_url" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "webhook_secret_ciphertext" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "webhook_last_outcome" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "webhook_last_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_webhook" CHECK (("api_keys"."webhook_url" is null) = ("api_keys"."webhook_secret_ciphertext" is null));