ALTER TABLE "refunds" ADD COLUMN "stripe_reason" text;--> statement-breakpoint
-- What Stripe is told is part of what was approved.
create function guard_stripe_reason() returns trigger language plpgsql as $$
begin
  raise exception 'what Stripe is told as the reason of refund % cannot change', old.id
    using errcode = 'check_violation', constraint = 'refunds_stripe_reason_fixed';
end $$;
--> statement-breakpoint
create trigger refunds_stripe_reason_fixed before update of stripe_reason on refunds for each row
  when (new.stripe_reason is distinct from old.stripe_reason) execute function guard_stripe_reason();
