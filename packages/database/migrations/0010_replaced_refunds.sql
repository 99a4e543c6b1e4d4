ALTER TABLE "refunds" ADD COLUMN "replaces_refund_id" text;--> statement-breakpoint
-- Until now only the log knew.
update refunds set replaces_refund_id = entry.details ->> 'supersedes'
  from audit_logs as entry
  where entry.refund_id = refunds.id and entry.action = 'refund_requested' and entry.details ? 'supersedes';--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_replaces" FOREIGN KEY ("replaces_refund_id","purchase_id","amount","currency","requested_by_owner") REFERENCES "public"."refunds"("id","purchase_id","amount","currency","requested_by_owner") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_one_replacement" UNIQUE("replaces_refund_id");--> statement-breakpoint
create trigger refunds_replaces_fixed before update of replaces_refund_id on refunds
  for each row when (old.replaces_refund_id is distinct from new.replaces_refund_id) execute function refuse_change();
--> statement-breakpoint
-- Stripe refunds of what a refund replaces, however long the chain: where there is one, the customer is paid.
create function replaced_stripe_refund(refund text) returns text language sql stable as $$
  with recursive replaced as (
    select replaces_refund_id as id from refunds where id = refund
    union
    select refunds.replaces_refund_id from refunds join replaced on refunds.id = replaced.id
  )
  select coalesce(refunds.stripe_refund_id, refund_attempts.stripe_refund_id)
  from replaced
  join refunds on refunds.id = replaced.id
  left join refund_attempts on refund_attempts.refund_id = replaced.id and refund_attempts.stripe_refund_id is not null
  where coalesce(refunds.stripe_refund_id, refund_attempts.stripe_refund_id) is not null
  limit 1
$$;
--> statement-breakpoint
create function guard_attempt() returns trigger language plpgsql as $$
begin
  if replaced_stripe_refund(new.refund_id) is not null then
    raise exception 'refund % replaces one that Stripe has: %', new.refund_id, replaced_stripe_refund(new.refund_id)
      using errcode = 'check_violation', constraint = 'refund_attempts_not_replaced';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger refund_attempts_guard before insert on refund_attempts
  for each row when (new.kind = 'create') execute function guard_attempt();
