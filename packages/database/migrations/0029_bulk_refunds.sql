CREATE TABLE "bulk_refund_endorsements" (
	"bulk_refund_id" text NOT NULL,
	"requested_by_owner" text NOT NULL,
	"operator_id" text NOT NULL,
	"endorsed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "bulk_refund_endorsements_bulk_refund_id_operator_id_pk" PRIMARY KEY("bulk_refund_id","operator_id"),
	CONSTRAINT "bulk_refund_endorsements_not_own" CHECK ("bulk_refund_endorsements"."operator_id" <> "bulk_refund_endorsements"."requested_by_owner")
);
--> statement-breakpoint
CREATE TABLE "bulk_refund_items" (
	"bulk_refund_id" text NOT NULL,
	"position" integer NOT NULL,
	"handle" text NOT NULL,
	"amount" bigint,
	"currency" text,
	"found_purchase_id" text,
	"purchase_id" text,
	"status" text NOT NULL,
	"code" text,
	"explanation" text,
	CONSTRAINT "bulk_refund_items_bulk_refund_id_position_pk" PRIMARY KEY("bulk_refund_id","position"),
	CONSTRAINT "bulk_refund_items_purchase" UNIQUE("bulk_refund_id","purchase_id"),
	CONSTRAINT "bulk_refund_items_facts" UNIQUE("bulk_refund_id","purchase_id","amount","currency"),
	CONSTRAINT "bulk_refund_items_amount" CHECK ("bulk_refund_items"."amount" > 0),
	CONSTRAINT "bulk_refund_items_explicit" CHECK ("bulk_refund_items"."status" in ('listed', 'left_out') or ("bulk_refund_items"."purchase_id" is not null and "bulk_refund_items"."amount" is not null and "bulk_refund_items"."currency" is not null)),
	CONSTRAINT "bulk_refund_items_left_out" CHECK ("bulk_refund_items"."purchase_id" is null or ("bulk_refund_items"."status" <> 'left_out' and "bulk_refund_items"."purchase_id" = "bulk_refund_items"."found_purchase_id")),
	CONSTRAINT "bulk_refund_items_reason" CHECK (("bulk_refund_items"."status" in ('left_out', 'dropped')) = ("bulk_refund_items"."code" is not null) and ("bulk_refund_items"."code" is null) = ("bulk_refund_items"."explanation" is null))
);
--> statement-breakpoint
CREATE TABLE "bulk_refunds" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"source" text NOT NULL,
	"filter" text,
	"reason" text NOT NULL,
	"note" text,
	"requested_by_kind" text NOT NULL,
	"requested_by_id" text NOT NULL,
	"requested_by_owner" text NOT NULL,
	"request_key" text,
	"request_hash" text,
	"status" text NOT NULL,
	"item_count" integer NOT NULL,
	"approver_role" text DEFAULT 'approver' NOT NULL,
	"approvers_needed" integer DEFAULT 1 NOT NULL,
	"list_hash" text,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	"decision_note" text,
	"self_approved" boolean DEFAULT false NOT NULL,
	"paused_code" text,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"worked_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "bulk_refunds_owner" UNIQUE("id","requested_by_owner"),
	CONSTRAINT "bulk_refunds_approvers" CHECK ("bulk_refunds"."approvers_needed" between 1 and 3),
	CONSTRAINT "bulk_refunds_filter" CHECK (("bulk_refunds"."source" = 'filter') = ("bulk_refunds"."filter" is not null)),
	CONSTRAINT "bulk_refunds_sealed" CHECK ("bulk_refunds"."status" in ('preparing', 'withdrawn') or "bulk_refunds"."list_hash" is not null),
	CONSTRAINT "bulk_refunds_decided" CHECK ("bulk_refunds"."status" not in ('running', 'paused', 'canceled', 'rejected') or ("bulk_refunds"."decided_by" is not null and "bulk_refunds"."decided_at" is not null)),
	CONSTRAINT "bulk_refunds_not_own" CHECK ("bulk_refunds"."status" = 'rejected' or "bulk_refunds"."decided_by" is null or "bulk_refunds"."decided_by" <> "bulk_refunds"."requested_by_owner" or "bulk_refunds"."self_approved"),
	CONSTRAINT "bulk_refunds_paused" CHECK (("bulk_refunds"."status" = 'paused') = ("bulk_refunds"."paused_code" is not null)),
	CONSTRAINT "bulk_refunds_finished" CHECK (("bulk_refunds"."status" in ('finished', 'canceled', 'rejected', 'withdrawn', 'expired')) = ("bulk_refunds"."finished_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "refund_paces" (
	"stripe_account_id" text PRIMARY KEY NOT NULL,
	"per_second" double precision NOT NULL,
	"good" double precision NOT NULL,
	"bad" double precision,
	"since" timestamp (3) with time zone NOT NULL,
	"lowered_at" timestamp (3) with time zone,
	"free_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "bulk_refund_id" text;--> statement-breakpoint
ALTER TABLE "bulk_refund_endorsements" ADD CONSTRAINT "bulk_refund_endorsements_of_list" FOREIGN KEY ("bulk_refund_id","requested_by_owner") REFERENCES "public"."bulk_refunds"("id","requested_by_owner") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_refund_items" ADD CONSTRAINT "bulk_refund_items_bulk_refund_id_bulk_refunds_id_fk" FOREIGN KEY ("bulk_refund_id") REFERENCES "public"."bulk_refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_refund_items" ADD CONSTRAINT "bulk_refund_items_found_purchase_id_purchases_id_fk" FOREIGN KEY ("found_purchase_id") REFERENCES "public"."purchases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_refund_items" ADD CONSTRAINT "bulk_refund_items_purchase_id_purchases_id_fk" FOREIGN KEY ("purchase_id") REFERENCES "public"."purchases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_refunds" ADD CONSTRAINT "bulk_refunds_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bulk_refund_items_status" ON "bulk_refund_items" USING btree ("bulk_refund_id","status","position");--> statement-breakpoint
CREATE UNIQUE INDEX "bulk_refunds_request_key" ON "bulk_refunds" USING btree ("requested_by_id","request_key") WHERE "bulk_refunds"."request_key" is not null;--> statement-breakpoint
CREATE INDEX "bulk_refunds_app_newest" ON "bulk_refunds" USING btree ("app_id","requested_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "bulk_refunds_open" ON "bulk_refunds" USING btree ("worked_at") WHERE "bulk_refunds"."status" in ('preparing', 'awaiting_approval', 'running', 'paused');--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_bulk_line" ON "refunds" USING btree ("bulk_refund_id","purchase_id") WHERE "refunds"."bulk_refund_id" is not null;--> statement-breakpoint
-- A refund that was asked for with a list is exactly a line of it.
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_of_bulk" FOREIGN KEY ("bulk_refund_id","purchase_id","amount","currency") REFERENCES "public"."bulk_refund_items"("bulk_refund_id","purchase_id","amount","currency");
--> statement-breakpoint
create function guard_refund_bulk() returns trigger language plpgsql as $$
begin
  raise exception 'the list of refund % cannot change', old.id
    using errcode = 'check_violation', constraint = 'refunds_bulk_fixed';
end $$;
--> statement-breakpoint
create trigger refunds_bulk_fixed before update of bulk_refund_id on refunds for each row
  when (new.bulk_refund_id is distinct from old.bulk_refund_id) execute function guard_refund_bulk();
--> statement-breakpoint
create function bulk_transition_allowed(old_status text, new_status text) returns boolean language sql immutable as $$
  select new_status = any (case old_status
    when 'preparing' then array['awaiting_approval', 'finished', 'withdrawn']
    when 'awaiting_approval' then array['running', 'rejected', 'withdrawn', 'expired']
    when 'running' then array['paused', 'finished', 'canceled']
    when 'paused' then array['running', 'canceled']
    else array[]::text[]
  end)
$$;
--> statement-breakpoint
-- What was asked and what was approved stay as they were, and nothing runs that too few people approved.
create function guard_bulk_refund() returns trigger language plpgsql as $$
begin
  if (new.app_id, new.source, new.filter, new.reason, new.note, new.requested_by_kind, new.requested_by_id,
      new.requested_by_owner, new.request_key, new.request_hash, new.item_count, new.requested_at)
     is distinct from
     (old.app_id, old.source, old.filter, old.reason, old.note, old.requested_by_kind, old.requested_by_id,
      old.requested_by_owner, old.request_key, old.request_hash, old.item_count, old.requested_at) then
    raise exception 'what list % is about cannot change', old.id
      using errcode = 'check_violation', constraint = 'bulk_refunds_facts_fixed';
  end if;
  if old.list_hash is not null
     and (new.list_hash, new.approver_role) is distinct from (old.list_hash, old.approver_role) then
    raise exception 'list % is sealed', old.id
      using errcode = 'check_violation', constraint = 'bulk_refunds_list_fixed';
  end if;
  if old.list_hash is not null and new.approvers_needed < old.approvers_needed then
    raise exception 'how many have to approve list % cannot become fewer', old.id
      using errcode = 'check_violation', constraint = 'bulk_refunds_approvers_fixed';
  end if;
  if old.decided_by is not null
     and (new.decided_by, new.decided_at, new.self_approved, new.decision_note)
         is distinct from (old.decided_by, old.decided_at, old.self_approved, old.decision_note) then
    raise exception 'list % is decided', old.id
      using errcode = 'check_violation', constraint = 'bulk_refunds_decision_fixed';
  end if;
  if new.status <> old.status and not bulk_transition_allowed(old.status, new.status) then
    raise exception 'list % cannot go from % to %', old.id, old.status, new.status
      using errcode = 'check_violation', constraint = 'bulk_refunds_transition';
  end if;
  if old.status = 'awaiting_approval' and new.status = 'running' and new.approvers_needed > 1
     and (new.self_approved or new.approvers_needed > 1 + (
       select count(*) from bulk_refund_endorsements
         where bulk_refund_id = new.id and operator_id <> new.decided_by)) then
    raise exception 'list % needs % to approve it', new.id, new.approvers_needed
      using errcode = 'check_violation', constraint = 'bulk_refunds_enough';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger bulk_refunds_guard before update on bulk_refunds for each row execute function guard_bulk_refund();
--> statement-breakpoint
create trigger bulk_refunds_no_delete before delete on bulk_refunds for each row execute function refuse_change();
--> statement-breakpoint
create function guard_bulk_item() returns trigger language plpgsql as $$
declare
  list bulk_refunds%rowtype;
begin
  select * into list from bulk_refunds where id = new.bulk_refund_id;
  if tg_op = 'INSERT' then
    if list.status <> 'preparing' or new.status <> 'listed' then
      raise exception 'list % takes no more lines', new.bulk_refund_id
        using errcode = 'check_violation', constraint = 'bulk_refund_items_sealed';
    end if;
    return new;
  end if;
  if (new.bulk_refund_id, new.position, new.handle) is distinct from (old.bulk_refund_id, old.position, old.handle)
     or (old.status <> 'listed' and (new.amount, new.currency, new.purchase_id, new.found_purchase_id)
         is distinct from (old.amount, old.currency, old.purchase_id, old.found_purchase_id)) then
    raise exception 'line % of list % cannot change', old.position, old.bulk_refund_id
      using errcode = 'check_violation', constraint = 'bulk_refund_items_fixed';
  end if;
  if new.status <> old.status then
    if not (case old.status
      when 'listed' then list.list_hash is null and new.status in ('ready', 'left_out')
      when 'ready' then list.list_hash is not null and new.status in ('requested', 'dropped', 'canceled')
      else false end) then
      raise exception 'line % of list % cannot go from % to %', old.position, old.bulk_refund_id, old.status, new.status
        using errcode = 'check_violation', constraint = 'bulk_refund_items_transition';
    end if;
    if new.status = 'requested' and not exists (
      select from refunds where bulk_refund_id = new.bulk_refund_id and purchase_id = new.purchase_id) then
      raise exception 'line % of list % has no refund', new.position, new.bulk_refund_id
        using errcode = 'check_violation', constraint = 'bulk_refund_items_requested';
    end if;
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger bulk_refund_items_guard before insert or update on bulk_refund_items for each row execute function guard_bulk_item();
--> statement-breakpoint
create trigger bulk_refund_items_no_delete before delete on bulk_refund_items for each row execute function refuse_change();
--> statement-breakpoint
create function guard_bulk_endorsement() returns trigger language plpgsql as $$
begin
  perform from bulk_refunds where id = new.bulk_refund_id and status = 'awaiting_approval' for update;
  if not found then
    raise exception 'list % does not wait for an approval', new.bulk_refund_id
      using errcode = 'check_violation', constraint = 'bulk_refund_endorsements_while_asked';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger bulk_refund_endorsements_guard before insert on bulk_refund_endorsements for each row execute function guard_bulk_endorsement();
--> statement-breakpoint
create trigger bulk_refund_endorsements_fixed before update or delete on bulk_refund_endorsements for each row execute function refuse_change();
--> statement-breakpoint
-- A line of a list is approved by whoever approved the list, and by nobody else until it is asked for by itself.
create or replace function enough_approved(refund refunds, decided_by text, self_approved boolean) returns boolean
language sql stable as $$
  select case when refund.bulk_refund_id is not null and refund.asking = 0 then exists (
    select from bulk_refunds as list
      where list.id = refund.bulk_refund_id and list.status in ('running', 'paused', 'finished', 'canceled')
        and list.decided_by = enough_approved.decided_by and list.self_approved = enough_approved.self_approved
        and list.approvers_needed >= refund.approvers_needed)
  else refund.approvers_needed = 1
    or (not self_approved and refund.approvers_needed <= 1 + (
      select count(distinct operator_id) from approval_endorsements
        where refund_id = refund.id and asking = refund.asking and taken_back_at is null and operator_id <> enough_approved.decided_by))
  end
$$;
