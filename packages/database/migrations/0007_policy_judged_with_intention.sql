-- Policy is judged once more in the transaction of the intention: what the rule no longer permits goes to a person.
create or replace function refund_transition_allowed(old_status text, new_status text) returns boolean
language sql immutable as $$
  select case old_status
    when 'requested' then new_status in ('awaiting_approval', 'approved', 'rejected', 'withdrawn')
    when 'awaiting_approval' then new_status in ('approved', 'rejected', 'expired', 'withdrawn')
    when 'approved' then new_status in ('awaiting_approval', 'executing', 'blocked', 'refused', 'withdrawn')
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
