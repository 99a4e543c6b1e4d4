ALTER TABLE "refunds" ADD COLUMN "stripe_parameters" jsonb;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_parameters_with_key" CHECK (("refunds"."idempotency_key" is null) = ("refunds"."stripe_parameters" is null));--> statement-breakpoint
-- One key, one set of parameters, for ever: Stripe compares them.
create function guard_refund_parameters() returns trigger language plpgsql as $$
begin
  if new.idempotency_key = old.idempotency_key and new.stripe_parameters is distinct from old.stripe_parameters then
    raise exception 'what is sent for refund % under its key cannot change', old.id
      using errcode = 'check_violation', constraint = 'refunds_parameters_fixed';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger refunds_parameters_guard before update on refunds for each row execute function guard_refund_parameters();
