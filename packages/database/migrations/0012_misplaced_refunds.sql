ALTER TABLE "refunds" ADD COLUMN "misplaced_stripe_refund_id" text;--> statement-breakpoint
-- Until now only the log knew.
update refunds set misplaced_stripe_refund_id = entry.details ->> 'stripeRefundId'
  from audit_logs as entry
  where entry.refund_id = refunds.id and entry.action = 'refund_misattributed';--> statement-breakpoint
-- A refund that stands in another row is money returned as well, once a key has proved whose call made it.
create or replace function replaced_stripe_refund(refund text) returns text language sql stable as $$
  with recursive replaced as (
    select replaces_refund_id as id from refunds where id = refund
    union
    select refunds.replaces_refund_id from refunds join replaced on refunds.id = replaced.id
  )
  select coalesce(refunds.stripe_refund_id, refunds.misplaced_stripe_refund_id, refund_attempts.stripe_refund_id)
  from replaced
  join refunds on refunds.id = replaced.id
  left join refund_attempts on refund_attempts.refund_id = replaced.id and refund_attempts.stripe_refund_id is not null
  where coalesce(refunds.stripe_refund_id, refunds.misplaced_stripe_refund_id, refund_attempts.stripe_refund_id) is not null
  limit 1
$$;
