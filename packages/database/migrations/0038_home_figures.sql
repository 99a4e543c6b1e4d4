CREATE TABLE "paid_changes" (
	"day" date NOT NULL,
	"app_id" text NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "paid_totals" (
	"day" date NOT NULL,
	"app_id" text NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "paid_totals_day_app_id_currency_pk" PRIMARY KEY("day","app_id","currency")
);
--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "app_id" text;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "asked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "approved_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "paid_totals" ADD CONSTRAINT "paid_totals_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_of_app" FOREIGN KEY ("refund_id","app_id") REFERENCES "public"."refunds"("id","app_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "approvals_decided" ON "approvals" USING btree ("decided_at","app_id","decided_by_kind","asked_at");--> statement-breakpoint
CREATE INDEX "refunds_succeeded" ON "refunds" USING btree ("settled_at","app_id","currency","reason","amount","approved_at") WHERE "refunds"."status" = 'succeeded';--> statement-breakpoint
-- Every purchase is counted in the transaction that takes it in. The rows have no key, so that none waits for another.
create function note_paid() returns trigger language plpgsql as $$
begin
  insert into paid_changes (day, app_id, currency, amount, count)
    select (purchased_at at time zone 'UTC')::date, app_id, currency, sum(amount_captured), count(*)
      from added group by 1, 2, 3;
  return null;
end $$;
--> statement-breakpoint
create trigger purchases_paid after insert on purchases referencing new table as added
  for each statement execute function note_paid();
--> statement-breakpoint
create function note_paid_change() returns trigger language plpgsql as $$
begin
  insert into paid_changes (day, app_id, currency, amount, count)
    values ((old.purchased_at at time zone 'UTC')::date, old.app_id, old.currency, -old.amount_captured, -1);
  if tg_op = 'UPDATE' then
    insert into paid_changes (day, app_id, currency, amount, count)
      values ((new.purchased_at at time zone 'UTC')::date, new.app_id, new.currency, new.amount_captured, 1);
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger purchases_paid_changed after update of amount_captured, purchased_at, app_id, currency on purchases
  for each row when ((old.amount_captured, old.purchased_at, old.app_id, old.currency)
    is distinct from (new.amount_captured, new.purchased_at, new.app_id, new.currency))
  execute function note_paid_change();
--> statement-breakpoint
create trigger purchases_paid_removed after delete on purchases for each row execute function note_paid_change();
--> statement-breakpoint
insert into paid_totals (day, app_id, currency, amount, count)
  select (purchased_at at time zone 'UTC')::date, app_id, currency, sum(amount_captured), count(*)
    from purchases group by 1, 2, 3;
--> statement-breakpoint
-- Decisions of before get what is known of them. Since when people had been asked is known of those in force.
alter table approvals disable trigger approvals_guard;
--> statement-breakpoint
update approvals set app_id = refunds.app_id, asked_at = case
    when approvals.decided_by_kind = 'operator' and approvals.revoked_at is null
      and refunds.awaiting_since <= approvals.decided_at then refunds.awaiting_since end
  from refunds where refunds.id = approvals.refund_id;
--> statement-breakpoint
alter table approvals enable trigger approvals_guard;
--> statement-breakpoint
update refunds set approved_at = approvals.decided_at
  from approvals where approvals.id = refunds.approval_id and approvals.decision = 'approved';
