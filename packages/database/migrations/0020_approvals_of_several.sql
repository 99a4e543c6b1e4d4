CREATE TABLE "approval_endorsements" (
	"id" text PRIMARY KEY NOT NULL,
	"refund_id" text NOT NULL,
	"purchase_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"requested_by_owner" text NOT NULL,
	"asking" integer NOT NULL,
	"operator_id" text NOT NULL,
	"note" text,
	"endorsed_at" timestamp (3) with time zone NOT NULL,
	"taken_back_at" timestamp (3) with time zone,
	CONSTRAINT "approval_endorsements_not_own" CHECK ("approval_endorsements"."operator_id" <> "approval_endorsements"."requested_by_owner")
);
--> statement-breakpoint
CREATE TABLE "approval_reminders" (
	"refund_id" text NOT NULL,
	"asking" integer NOT NULL,
	"stage" text NOT NULL,
	"told_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "approval_reminders_refund_id_asking_stage_pk" PRIMARY KEY("refund_id","asking","stage")
);
--> statement-breakpoint
CREATE TABLE "refund_comments" (
	"id" text PRIMARY KEY NOT NULL,
	"refund_id" text NOT NULL,
	"number" integer NOT NULL,
	"author_kind" text NOT NULL,
	"author_id" text NOT NULL,
	"text" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "refund_comments_number" UNIQUE("refund_id","number"),
	CONSTRAINT "refund_comments_limits" CHECK ("refund_comments"."number" between 1 and 500 and length("refund_comments"."text") between 1 and 2000)
);
--> statement-breakpoint
ALTER TABLE "refund_verdicts" ADD COLUMN "approvers" integer;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "approvers_needed" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "asking" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "awaiting_since" timestamp (3) with time zone;--> statement-breakpoint
-- What waits now has been asked once, and lapses 14 days after that.
update refunds set asking = 1, awaiting_since = coalesce(expires_at - interval '14 days', updated_at)
  where status = 'awaiting_approval';
--> statement-breakpoint
ALTER TABLE "approval_endorsements" ADD CONSTRAINT "approval_endorsements_of_request" FOREIGN KEY ("refund_id","purchase_id","amount","currency","requested_by_owner") REFERENCES "public"."refunds"("id","purchase_id","amount","currency","requested_by_owner") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_reminders" ADD CONSTRAINT "approval_reminders_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refund_comments" ADD CONSTRAINT "refund_comments_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "approval_endorsements_once" ON "approval_endorsements" USING btree ("refund_id","asking","operator_id") WHERE "approval_endorsements"."taken_back_at" is null;--> statement-breakpoint
ALTER TABLE "refund_verdicts" ADD CONSTRAINT "refund_verdicts_approvers" CHECK ("refund_verdicts"."approvers" is null or ("refund_verdicts"."verdict" = 'ask' and "refund_verdicts"."approvers" between 1 and 3));--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_approvers" CHECK ("refunds"."approvers_needed" between 1 and 3);--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_awaiting_since" CHECK ("refunds"."status" <> 'awaiting_approval' or "refunds"."awaiting_since" is not null);--> statement-breakpoint
-- Each time a refund is given to people is an asking of its own, and what was endorsed before does not count in it.
create function begin_asking() returns trigger language plpgsql as $$
declare
  asked int := 0;
begin
  if tg_op = 'UPDATE' then
    asked := old.asking;
  end if;
  if new.status = 'awaiting_approval' and (tg_op = 'INSERT' or old.status <> 'awaiting_approval') then
    new.asking := asked + 1;
    new.awaiting_since := new.updated_at;
  else
    new.asking := asked;
    if tg_op = 'UPDATE' then
      new.awaiting_since := old.awaiting_since;
      if new.approvers_needed < old.approvers_needed
         or (new.approvers_needed > old.approvers_needed and new.status <> 'awaiting_approval') then
        raise exception 'how many have to approve refund % cannot change', old.id
          using errcode = 'check_violation', constraint = 'refunds_approvers_fixed';
      end if;
    end if;
  end if;
  if tg_op = 'UPDATE' and new.origin = 'redress'
     and (new.reason, new.requested_by_owner) is distinct from (old.reason, old.requested_by_owner) then
    raise exception 'what refund % is about cannot change', old.id
      using errcode = 'check_violation', constraint = 'refunds_facts_fixed';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger refunds_asking before insert or update on refunds for each row execute function begin_asking();
--> statement-breakpoint
-- An endorsement answers the asking that is open, and is taken back only while that is.
create function guard_endorsement() returns trigger language plpgsql as $$
declare
  asked refunds%rowtype;
begin
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
end $$;
--> statement-breakpoint
create trigger approval_endorsements_guard before insert or update on approval_endorsements
  for each row execute function guard_endorsement();
--> statement-breakpoint
create trigger approval_endorsements_no_delete before delete on approval_endorsements
  for each row execute function refuse_change();
--> statement-breakpoint
-- Whether as many different persons as needed stand behind a person's approval: the one who made it, and those who endorsed before.
create function enough_approved(refund refunds, decided_by text, self_approved boolean) returns boolean
language sql stable as $$
  select refund.approvers_needed = 1
    or (not self_approved and refund.approvers_needed <= 1 + (
      select count(distinct operator_id) from approval_endorsements
        where refund_id = refund.id and asking = refund.asking and taken_back_at is null and operator_id <> decided_by))
$$;
--> statement-breakpoint
create function guard_enough_approved() returns trigger language plpgsql as $$
declare
  refund refunds%rowtype;
begin
  select * into refund from refunds where id = new.refund_id for update;
  if not enough_approved(refund, new.decided_by_id, new.self_approved) then
    raise exception 'refund % needs % to approve it', refund.id, refund.approvers_needed
      using errcode = 'check_violation', constraint = 'approvals_enough';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger approvals_enough before insert on approvals for each row
  when (new.decision = 'approved' and new.decided_by_kind = 'operator') execute function guard_enough_approved();
--> statement-breakpoint
-- Once more in the transaction that commits the intention.
create function guard_enough_at_execution() returns trigger language plpgsql as $$
begin
  if exists (select from approvals where id = new.approval_id and decided_by_kind = 'operator'
             and not enough_approved(new, decided_by_id, self_approved)) then
    raise exception 'refund % needs % to approve it', new.id, new.approvers_needed
      using errcode = 'check_violation', constraint = 'approvals_enough';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger refunds_enough_approved before update on refunds for each row
  when (new.status = 'executing' and old.status = 'approved') execute function guard_enough_at_execution();
--> statement-breakpoint
-- What was said stays as it was said, but for its erasure.
create function guard_comment() returns trigger language plpgsql as $$
begin
  if new.text is not null or to_jsonb(new) - 'text' <> to_jsonb(old) - 'text' then
    raise exception 'comment % cannot change', old.id
      using errcode = 'check_violation', constraint = 'refund_comments_fixed';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger refund_comments_guard before update on refund_comments for each row execute function guard_comment();
--> statement-breakpoint
create trigger refund_comments_no_delete before delete on refund_comments for each row execute function refuse_change();
