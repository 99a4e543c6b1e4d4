CREATE TABLE "erased_customers" (
	"fingerprint" text PRIMARY KEY NOT NULL,
	"erased_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "outbox_messages" ADD COLUMN "trace_parent" text;--> statement-breakpoint
ALTER TABLE "purchases" ADD COLUMN "erased_at" timestamp (3) with time zone;--> statement-breakpoint
-- Who was erased stays so, whatever writes the purchase: import, webhook, the app's own report.
create function keep_erased() returns trigger language plpgsql as $$
begin
  new.customer_email := null;
  new.customer_name := null;
  new.stripe_customer_id := null;
  new.app_customer_id := null;
  new.description := null;
  new.payment_method_last4 := null;
  return new;
end $$;--> statement-breakpoint
create trigger purchases_erased before insert or update on purchases for each row
  when (new.erased_at is not null) execute function keep_erased();
--> statement-breakpoint
-- A decision stays as it was made; it can only be revoked, once. Its note can be erased.
create or replace function guard_approval() returns trigger language plpgsql as $$
begin
  if new.note is null and to_jsonb(new) - 'note' = to_jsonb(old) - 'note' then
    return new;
  end if;
  if old.revoked_at is not null or to_jsonb(new) - 'revoked_at' <> to_jsonb(old) - 'revoked_at' then
    raise exception 'approval % cannot change', old.id
      using errcode = 'check_violation', constraint = 'approvals_fixed';
  end if;
  return new;
end $$;--> statement-breakpoint
create or replace function guard_endorsement() returns trigger language plpgsql as $$
declare
  asked refunds%rowtype;
begin
  if tg_op = 'UPDATE' and new.note is null and to_jsonb(new) - 'note' = to_jsonb(old) - 'note' then
    return new;
  end if;
  if tg_op = 'UPDATE'
     and (old.taken_back_at is not null or to_jsonb(new) - 'taken_back_at' <> to_jsonb(old) - 'taken_back_at') then
    raise exception 'endorsement % cannot change', old.id
      using errcode = 'check_violation', constraint = 'approval_endorsements_fixed';
  end if;
  select * into asked from refunds where id = new.refund_id for update;
  if asked.status <> 'awaiting_approval' or asked.asking <> new.asking then
    raise exception 'refund % does not wait for endorsement %', new.refund_id, new.id
      using errcode = 'check_violation', constraint = 'approval_endorsements_while_asked';
  end if;
  return new;
end $$;--> statement-breakpoint
-- What was said about a list, and the words by which its lines were found, can be erased; nothing else of it.
create function is_erasure_of_list(was bulk_refunds, now bulk_refunds) returns boolean language sql immutable as $$
  select to_jsonb(now) - array['note', 'decision_note', 'filter'] = to_jsonb(was) - array['note', 'decision_note', 'filter']
    and (now.note is null or now.note is not distinct from was.note)
    and (now.decision_note is null or now.decision_note is not distinct from was.decision_note)
    and (now.filter is not distinct from was.filter or (was.filter is not null and now.filter is not distinct from 'erased'))
$$;--> statement-breakpoint
drop trigger bulk_refunds_guard on bulk_refunds;--> statement-breakpoint
create trigger bulk_refunds_guard before update on bulk_refunds for each row
  when (not is_erasure_of_list(old, new)) execute function guard_bulk_refund();--> statement-breakpoint
drop trigger bulk_refund_items_guard on bulk_refund_items;--> statement-breakpoint
create trigger bulk_refund_items_guard before insert on bulk_refund_items for each row execute function guard_bulk_item();--> statement-breakpoint
create trigger bulk_refund_items_change_guard before update on bulk_refund_items for each row
  when (not (new.handle = 'erased' and to_jsonb(new) - array['handle', 'explanation'] = to_jsonb(old) - array['handle', 'explanation']))
  execute function guard_bulk_item();
