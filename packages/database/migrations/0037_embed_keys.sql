CREATE TABLE "embed_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"secret_ciphertext" text NOT NULL,
	"previous_secret_ciphertext" text,
	"previous_secret_until" timestamp (3) with time zone,
	"origins" text[] NOT NULL,
	"app_ids" text[],
	"rate_free_at" timestamp (3) with time zone NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"revoked_by" text,
	CONSTRAINT "embed_keys_origins" CHECK (cardinality("embed_keys"."origins") between 1 and 10),
	CONSTRAINT "embed_keys_apps" CHECK ("embed_keys"."app_ids" is null or cardinality("embed_keys"."app_ids") > 0),
	CONSTRAINT "embed_keys_previous_whole" CHECK (num_nonnulls("embed_keys"."previous_secret_ciphertext", "embed_keys"."previous_secret_until") in (0, 2)),
	CONSTRAINT "embed_keys_revoked" CHECK (("embed_keys"."revoked_at" is null) = ("embed_keys"."revoked_by" is null))
);
--> statement-breakpoint
ALTER TABLE "embed_keys" ADD CONSTRAINT "embed_keys_created_by_operators_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."operators"("id") ON DELETE no action ON UPDATE no action;