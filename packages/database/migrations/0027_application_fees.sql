ALTER TABLE "apps" ADD COLUMN "refund_application_fee" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "purchases" ADD COLUMN "application_fee" bigint;--> statement-breakpoint
ALTER TABLE "purchases" ADD COLUMN "stripe_application_id" text;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "refund_application_fee" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "purchases" ADD CONSTRAINT "purchases_application_fee" CHECK ("purchases"."application_fee" >= 0);--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_parameters_fee" CHECK ("refunds"."stripe_parameters" is null or coalesce("refunds"."stripe_parameters" -> 'refund_application_fee', 'false'::jsonb) = to_jsonb("refunds"."refund_application_fee"));--> statement-breakpoint
-- Whether the fee goes back is part of what was approved.
create function guard_refund_fee() returns trigger language plpgsql as $$
begin
  raise exception 'whether refund % gives the application fee back cannot change', old.id
    using errcode = 'check_violation', constraint = 'refunds_fee_fixed';
end $$;
--> statement-breakpoint
create trigger refunds_fee_fixed before update of refund_application_fee on refunds for each row
  when (new.refund_application_fee is distinct from old.refund_application_fee) execute function guard_refund_fee();
