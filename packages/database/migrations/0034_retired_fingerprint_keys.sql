CREATE TABLE "retired_fingerprint_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"sealed_key" text NOT NULL,
	"kept_at" timestamp (3) with time zone NOT NULL
);
