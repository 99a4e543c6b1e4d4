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
ALTER TABLE "apps" ADD COLUMN "customer_mail_locale" text DEFAULT 'en' NOT NULL;--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "customer_mail_reply_to" text;--> statement-breakpoint
ALTER TABLE "customer_mail_settings" ADD CONSTRAINT "customer_mail_settings_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_mails" ADD CONSTRAINT "customer_mails_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- Once told is told, for ever.
create trigger customer_mails_guard before update on customer_mails for each row execute function refuse_change();
--> statement-breakpoint
create trigger customer_mails_no_delete before delete on customer_mails for each row execute function refuse_change();
