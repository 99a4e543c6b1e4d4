-- The audit log and its seals are append-only, for every role.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
create trigger audit_logs_append_only before update or delete on audit_logs
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger audit_logs_no_truncate before truncate on audit_logs
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger audit_seals_append_only before update or delete on audit_seals
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger audit_seals_no_truncate before truncate on audit_seals
  for each statement execute function refuse_change();
--> statement-breakpoint

-- A refund's life. The same table stands in core (refunds/transitions.ts); a test compares the two.
create function refund_transition_allowed(old_status text, new_status text) returns boolean
language sql immutable as $$
  select case old_status
    when 'requested' then new_status in ('awaiting_approval', 'approved', 'rejected', 'withdrawn')
    when 'awaiting_approval' then new_status in ('approved', 'rejected', 'expired', 'withdrawn')
    when 'approved' then new_status in ('executing', 'blocked', 'refused', 'withdrawn')
    when 'executing' then new_status in
      ('pending', 'requires_action', 'succeeded', 'failed', 'canceled', 'refused', 'blocked', 'superseded')
    when 'blocked' then new_status in
      ('awaiting_approval', 'approved', 'refused', 'withdrawn', 'pending', 'requires_action', 'succeeded', 'failed', 'canceled')
    when 'pending' then new_status in ('requires_action', 'succeeded', 'failed', 'canceled')
    when 'requires_action' then new_status in ('pending', 'succeeded', 'failed', 'canceled')
    when 'succeeded' then new_status in ('failed')
    when 'superseded' then new_status in ('pending', 'requires_action', 'succeeded', 'failed', 'canceled')
    else false
  end
$$;
--> statement-breakpoint
create function guard_refund() returns trigger language plpgsql as $$
declare
  captured bigint;
  held bigint;
  unsent constant text[] := array['requested', 'awaiting_approval', 'approved', 'executing', 'blocked'];
  live constant text[] := unsent || array['pending', 'requires_action', 'succeeded'];
begin
  if tg_op = 'UPDATE' then
    if new.status <> old.status and not refund_transition_allowed(old.status, new.status) then
      raise exception 'refund % cannot go from % to %', old.id, old.status, new.status
        using errcode = 'check_violation', constraint = 'refunds_transition';
    end if;
    if (new.id, new.app_id, new.purchase_id, new.stripe_account_id, new.stripe_charge_id, new.amount, new.currency, new.origin)
       is distinct from
       (old.id, old.app_id, old.purchase_id, old.stripe_account_id, old.stripe_charge_id, old.amount, old.currency, old.origin) then
      raise exception 'what refund % is about cannot change', old.id
        using errcode = 'check_violation', constraint = 'refunds_facts_fixed';
    end if;
    if old.stripe_refund_id is not null and new.stripe_refund_id is distinct from old.stripe_refund_id then
      raise exception 'refund % already belongs to %', old.id, old.stripe_refund_id
        using errcode = 'check_violation', constraint = 'refunds_one_stripe_refund';
    end if;
    -- The same key for ever. Only a blocked refund whose outcome is known may be approved anew, under a new key.
    if old.idempotency_key is not null and new.idempotency_key is distinct from old.idempotency_key
       and (old.status not in ('blocked', 'approved') or old.outcome_unknown) then
      raise exception 'the key of refund % cannot change', old.id
        using errcode = 'check_violation', constraint = 'refunds_key_fixed';
    end if;
  end if;

  -- What is not yet a fact at Stripe may only reserve what is left. Facts are recorded whatever they sum to.
  if new.origin = 'redress' and new.status = any (unsent)
     and (tg_op = 'INSERT' or (new.status <> old.status and (new.status = 'executing' or not old.status = any (live)))) then
    select amount_captured into captured from purchases where id = new.purchase_id for update;
    select coalesce(sum(amount), 0) into held from refunds
      where purchase_id = new.purchase_id and id <> new.id and status = any (live);
    if held + new.amount > captured then
      raise exception 'refund % of % exceeds what is left (% of % held)', new.id, new.amount, held, captured
        using errcode = 'check_violation', constraint = 'refunds_within_captured';
    end if;
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger refunds_guard before insert or update on refunds for each row execute function guard_refund();
--> statement-breakpoint
create trigger refunds_no_delete before delete on refunds for each row execute function refuse_change();
--> statement-breakpoint

-- A decision stays as it was made; it can only be revoked, once.
create function guard_approval() returns trigger language plpgsql as $$
begin
  if old.revoked_at is not null or to_jsonb(new) - 'revoked_at' <> to_jsonb(old) - 'revoked_at' then
    raise exception 'approval % cannot change', old.id
      using errcode = 'check_violation', constraint = 'approvals_fixed';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger approvals_guard before update on approvals for each row execute function guard_approval();
--> statement-breakpoint
create trigger approvals_no_delete before delete on approvals for each row execute function refuse_change();
