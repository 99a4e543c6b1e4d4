CREATE TABLE "audit_addresses" (
	"address" text PRIMARY KEY NOT NULL,
	"salt" text NOT NULL,
	"hash" text NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_addresses_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "operator_refusals" (
	"operator_id" text NOT NULL,
	"why" text NOT NULL,
	"noted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "operator_refusals_operator_id_why_pk" PRIMARY KEY("operator_id","why")
);
--> statement-breakpoint
ALTER TABLE "audit_logs" ADD COLUMN "address_hash" text;--> statement-breakpoint
ALTER TABLE "audit_seals" ADD COLUMN "month" text;--> statement-breakpoint
CREATE INDEX "audit_addresses_seen" ON "audit_addresses" USING btree ("seen_at");--> statement-breakpoint
CREATE INDEX "audit_seals_month" ON "audit_seals" USING btree ("month","number");--> statement-breakpoint
ALTER TABLE "audit_seals" ADD CONSTRAINT "audit_seals_month" CHECK ("audit_seals"."month" ~ '^[0-9]{4}-(0[1-9]|1[0-2])$');