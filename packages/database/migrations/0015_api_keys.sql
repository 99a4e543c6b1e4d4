CREATE TABLE "api_key_refusals" (
	"key_id" text NOT NULL,
	"why" text NOT NULL,
	"noted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "api_key_refusals_key_id_why_pk" PRIMARY KEY("key_id","why")
);
--> statement-breakpoint
CREATE TABLE "api_key_secrets" (
	"hash" text PRIMARY KEY NOT NULL,
	"key_id" text NOT NULL,
	"prefix" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"owner_id" text NOT NULL,
	"permissions" text[] NOT NULL,
	"app_ids" text[],
	"rate_per_minute" integer NOT NULL,
	"rate_free_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"revoked_by" text,
	CONSTRAINT "api_keys_permissions" CHECK (cardinality("api_keys"."permissions") > 0 and "api_keys"."permissions" <@ array['purchases.read', 'refunds.read', 'refunds.request', 'refunds.withdraw']),
	CONSTRAINT "api_keys_apps" CHECK ("api_keys"."app_ids" is null or cardinality("api_keys"."app_ids") > 0),
	CONSTRAINT "api_keys_rate" CHECK ("api_keys"."rate_per_minute" between 1 and 6000),
	CONSTRAINT "api_keys_expiry" CHECK ("api_keys"."expires_at" > "api_keys"."created_at"),
	CONSTRAINT "api_keys_revoked" CHECK (("api_keys"."revoked_at" is null) = ("api_keys"."revoked_by" is null))
);
--> statement-breakpoint
CREATE TABLE "repeated_requests" (
	"requested_by_id" text NOT NULL,
	"request_key" text NOT NULL,
	"request_hash" text NOT NULL,
	"refund_id" text NOT NULL,
	"repeated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "repeated_requests_requested_by_id_request_key_pk" PRIMARY KEY("requested_by_id","request_key")
);
--> statement-breakpoint
ALTER TABLE "api_key_refusals" ADD CONSTRAINT "api_key_refusals_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key_secrets" ADD CONSTRAINT "api_key_secrets_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_owner_id_operators_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."operators"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repeated_requests" ADD CONSTRAINT "repeated_requests_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_key_secrets_key" ON "api_key_secrets" USING btree ("key_id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_secrets_present" ON "api_key_secrets" USING btree ("key_id") WHERE "api_key_secrets"."ends_at" is null;--> statement-breakpoint
-- A key belongs to one person for ever, and what was revoked stays so.
create function guard_api_key() returns trigger language plpgsql as $$
begin
  if (new.id, new.kind, new.owner_id) is distinct from (old.id, old.kind, old.owner_id) then
    raise exception 'whose key % is cannot change', old.id
      using errcode = 'check_violation', constraint = 'api_keys_owner_fixed';
  end if;
  if old.revoked_at is not null and (new.revoked_at, new.revoked_by) is distinct from (old.revoked_at, old.revoked_by) then
    raise exception 'key % was revoked for ever', old.id
      using errcode = 'check_violation', constraint = 'api_keys_revoked_for_ever';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger api_keys_guard before update on api_keys for each row execute function guard_api_key();
--> statement-breakpoint
create trigger api_keys_no_delete before delete on api_keys for each row execute function refuse_change();
--> statement-breakpoint
create trigger repeated_requests_fixed before update or delete on repeated_requests
  for each row execute function refuse_change();
