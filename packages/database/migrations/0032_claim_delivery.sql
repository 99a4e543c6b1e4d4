-- Claims one attempt to deliver a notification, in one round trip: those that ask for one app take turns, and hold one
-- another up no longer than it takes to commit.
-- Returns the attempt's number; 0 when the app has as many under way as it may have; null when it was taken meanwhile.
create function claim_delivery(
  given_notification text, given_delivery text, given_url text, at_once integer, given_now timestamptz, until timestamptz
) returns integer language plpgsql as $$
declare
  of_app text;
  attempt integer;
begin
  -- The row first: whoever waits for one holds up nobody else of its app.
  select app_id into of_app from notifications where id = given_notification for update skip locked;
  if not found then
    return null;
  end if;
  if at_once is not null then
    perform pg_advisory_xact_lock(hashtextextended('notification-slots:' || of_app, 0));
    if (select count(*) from notifications where app_id = of_app and id <> given_notification
        and lease_until > given_now and status = 'pending') >= at_once then
      return 0;
    end if;
  end if;
  update notifications set attempt_count = attempt_count + 1, lease_until = until, next_attempt_at = until
    where id = given_notification and status = 'pending'
      and (lease_until is null or lease_until <= given_now) and (next_attempt_at is null or next_attempt_at <= given_now)
    returning attempt_count into attempt;
  if attempt is not null then
    insert into deliveries (id, notification_id, number, url, started_at)
      values (given_delivery, given_notification, attempt, given_url, given_now);
  end if;
  return attempt;
end $$;
