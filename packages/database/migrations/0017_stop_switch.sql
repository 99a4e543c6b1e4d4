ALTER TABLE "apps" ADD COLUMN "refunds_stopped_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "refunds_stopped_by" text;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "refunds_stopped_reason" text;--> statement-breakpoint
ALTER TABLE "apps" ADD CONSTRAINT "apps_stop_whole" CHECK (num_nonnulls("apps"."refunds_stopped_at", "apps"."refunds_stopped_by", "apps"."refunds_stopped_reason") in (0, 3));--> statement-breakpoint
create or replace function guard_attempt() returns trigger language plpgsql as $$
declare
  stopped_at timestamptz;
begin
  if replaced_stripe_refund(new.refund_id) is not null then
    raise exception 'refund % replaces one that Stripe has: %', new.refund_id, replaced_stripe_refund(new.refund_id)
      using errcode = 'check_violation', constraint = 'refund_attempts_not_replaced';
  end if;
  -- The lock makes whoever sets the switch wait for this transaction, so that none that is later gets past it.
  select apps.refunds_stopped_at into stopped_at
    from refunds join apps on apps.id = refunds.app_id where refunds.id = new.refund_id for share of apps;
  if stopped_at is not null then
    raise exception 'refunds of the app of % are stopped since %', new.refund_id, stopped_at
      using errcode = 'check_violation', constraint = 'refund_attempts_not_stopped';
  end if;
  return new;
end $$;
