CREATE TABLE "customer_mail_settings" (
	"app_id" text NOT NULL,
	"kind" text NOT NULL,
	"wanted" boolean DEFAULT false NOT NULL,
	"subject" text,
	"body" text,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "customer_mail_settings_app_id_kind_pk" PRIMARY KEY("app_id","kind"),
	CONSTRAINT "customer_mail_settings_kind" CHECK ("customer_mail_settings"."kind" in ('started', 'succeeded', 'failed')),
	CONSTRAINT "customer_mail_settings_subject" CHECK ("customer_mail_settings"."subject" !~ '[[:cntrl:]]' and length("customer_mail_settings"."subject") between 1 and 200),
	CONSTRAINT "customer_mail_settings_body" CHECK (length("customer_mail_settings"."body") between 1 and 10000)
);
--> statement-breakpoint
CREATE TABLE "customer_mails" (
	"refund_id" text NOT NULL,
	"kind" text NOT NULL,
	"queued_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "customer_mails_refund_id_kind_pk" PRIMARY KEY("refund_id","kind"),
	CONSTRAINT "customer_mails_kind" CHECK ("customer_mails"."kind" in ('started', 'succeeded', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "refund_movements" (
	"refund_id" text NOT NULL,
	"kind" text NOT NULL,
	"app_id" text NOT NULL,
	"currency" text NOT NULL,
	"booked_at" timestamp (3) with time zone NOT NULL,
	"state" text DEFAULT 'unread' NOT NULL,
	"due_at" timestamp (3) with time zone,
	"ask_count" integer DEFAULT 0 NOT NULL,
	"stripe_balance_transaction_id" text,
	"settled_currency" text,
	"settled_amount" bigint,
	"fee" bigint,
	"application_fee_refunded" bigint,
	"net" bigint,
	"available_on" timestamp (3) with time zone,
	CONSTRAINT "refund_movements_refund_id_kind_pk" PRIMARY KEY("refund_id","kind"),
	CONSTRAINT "refund_movements_kind" CHECK ("refund_movements"."kind" in ('refund', 'failure')),
	CONSTRAINT "refund_movements_asked" CHECK (("refund_movements"."state" = 'unread') = ("refund_movements"."due_at" is not null)),
	CONSTRAINT "refund_movements_whole" CHECK (num_nonnulls("refund_movements"."stripe_balance_transaction_id", "refund_movements"."settled_currency", "refund_movements"."settled_amount", "refund_movements"."fee", "refund_movements"."application_fee_refunded", "refund_movements"."net") = case when "refund_movements"."state" = 'read' then 6 else 0 end),
	CONSTRAINT "refund_movements_net" CHECK ("refund_movements"."net" = "refund_movements"."settled_amount" - "refund_movements"."fee" + "refund_movements"."application_fee_refunded")
);
--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "customer_mail_locale" text DEFAULT 'en' NOT NULL;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "customer_mail_reply_to" text;--> statement-breakpoint
ALTER TABLE "customer_mail_settings" ADD CONSTRAINT "customer_mail_settings_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_mails" ADD CONSTRAINT "customer_mails_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refund_movements" ADD CONSTRAINT "refund_movements_of_refund" FOREIGN KEY ("refund_id","app_id") REFERENCES "public"."refunds"("id","app_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "refund_movements_booked" ON "refund_movements" USING btree ("booked_at","refund_id","kind");--> statement-breakpoint
CREATE INDEX "refund_movements_app_booked" ON "refund_movements" USING btree ("app_id","booked_at","refund_id","kind");--> statement-breakpoint
CREATE INDEX "refund_movements_due" ON "refund_movements" USING btree ("due_at") WHERE "refund_movements"."due_at" is not null;--> statement-breakpoint
-- Once told is told, for ever.
create trigger customer_mails_guard before update on customer_mails for each row execute function refuse_change();
--> statement-breakpoint
create trigger customer_mails_no_delete before delete on customer_mails for each row execute function refuse_change();
--> statement-breakpoint
-- A refund that Stripe has paid stands in the books, whoever reports it. One that failed or was canceled does twice:
-- Stripe books it when it leaves the balance, and again when it comes back; what it never booked is marked so later.
create function book_refund() returns trigger language plpgsql as $$
begin
  insert into refund_movements (refund_id, kind, app_id, currency, booked_at, due_at)
    values (new.id, 'refund', new.app_id, new.currency, coalesce(new.first_attempt_at, new.requested_at), new.updated_at)
    on conflict do nothing;
  if new.status <> 'succeeded' then
    insert into refund_movements (refund_id, kind, app_id, currency, booked_at, due_at)
      values (new.id, 'failure', new.app_id, new.currency, coalesce(new.settled_at, new.updated_at), new.updated_at)
      on conflict do nothing;
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger refunds_booked_insert after insert on refunds for each row
  when (new.status in ('succeeded', 'failed', 'canceled')) execute function book_refund();
--> statement-breakpoint
create trigger refunds_booked_update after update of status on refunds for each row
  when (new.status in ('succeeded', 'failed', 'canceled') and new.status is distinct from old.status)
  execute function book_refund();
--> statement-breakpoint
-- A month that was exported stays as it was.
create trigger refund_movements_fixed before update on refund_movements for each row
  when (old.state <> 'unread') execute function refuse_change();
--> statement-breakpoint
create trigger refund_movements_no_delete before delete on refund_movements for each row execute function refuse_change();
--> statement-breakpoint
insert into refund_movements (refund_id, kind, app_id, currency, booked_at, due_at)
  select id, 'refund', app_id, currency, coalesce(first_attempt_at, requested_at), updated_at from refunds
    where status in ('succeeded', 'failed', 'canceled')
  union all
  select id, 'failure', app_id, currency, coalesce(settled_at, updated_at), updated_at from refunds
    where status in ('failed', 'canceled');
