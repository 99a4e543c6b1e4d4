CREATE TABLE "balance_fetches" (
	"refund_id" text PRIMARY KEY NOT NULL,
	"due_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "balance_transactions" (
	"stripe_account_id" text NOT NULL,
	"id" text NOT NULL,
	"refund_id" text NOT NULL,
	"kind" text NOT NULL,
	"amount" bigint NOT NULL,
	"fee" bigint NOT NULL,
	"application_fee" bigint NOT NULL,
	"net" bigint NOT NULL,
	"currency" text NOT NULL,
	"exchange_rate" text,
	"booked_at" timestamp (3) with time zone NOT NULL,
	"available_on" timestamp (3) with time zone NOT NULL,
	"fetched_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "balance_transactions_stripe_account_id_id_pk" PRIMARY KEY("stripe_account_id","id"),
	CONSTRAINT "balance_transactions_kind" UNIQUE("refund_id","kind"),
	CONSTRAINT "balance_transactions_net" CHECK ("balance_transactions"."net" = "balance_transactions"."amount" - "balance_transactions"."fee"),
	CONSTRAINT "balance_transactions_currency" CHECK ("balance_transactions"."currency" ~ '^[a-z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "customer_mails" (
	"app_id" text PRIMARY KEY NOT NULL,
	"on_started" boolean DEFAULT false NOT NULL,
	"on_succeeded" boolean DEFAULT false NOT NULL,
	"on_failed" boolean DEFAULT false NOT NULL,
	"foreign_too" boolean DEFAULT false NOT NULL,
	"reply_to" text,
	"templates" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "refund_application_fee" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "purchases" ADD COLUMN "application_fee" bigint;--> statement-breakpoint
ALTER TABLE "purchases" ADD COLUMN "stripe_application_id" text;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "refund_application_fee" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "balance_fetches" ADD CONSTRAINT "balance_fetches_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "balance_transactions" ADD CONSTRAINT "balance_transactions_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_mails" ADD CONSTRAINT "customer_mails_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "balance_fetches_due" ON "balance_fetches" USING btree ("due_at") WHERE "balance_fetches"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "balance_transactions_booked" ON "balance_transactions" USING btree ("booked_at");--> statement-breakpoint
ALTER TABLE "purchases" ADD CONSTRAINT "purchases_application_fee" CHECK ("purchases"."application_fee" >= 0);--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_parameters_fee" CHECK ("refunds"."stripe_parameters" is null or coalesce("refunds"."stripe_parameters" -> 'refund_application_fee', 'false'::jsonb) = to_jsonb("refunds"."refund_application_fee"));--> statement-breakpoint
-- Whether the fee goes back is part of what was approved.
create function guard_refund_fee() returns trigger language plpgsql as $$
begin
  raise exception 'whether refund % gives the application fee back cannot change', old.id
    using errcode = 'check_violation', constraint = 'refunds_fee_fixed';
end $$;
--> statement-breakpoint
create trigger refunds_fee_fixed before update of refund_application_fee on refunds for each row
  when (new.refund_application_fee is distinct from old.refund_application_fee) execute function guard_refund_fee();
--> statement-breakpoint
-- What Stripe has made already is booked there as well.
insert into balance_fetches (refund_id, due_at)
  select id, coalesce(settled_at, requested_at) from refunds where stripe_refund_id is not null;
