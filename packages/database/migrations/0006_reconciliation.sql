CREATE TABLE "drifts" (
	"id" text PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"app_id" text NOT NULL,
	"kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"refund_id" text,
	"stripe_refund_id" text,
	"here" jsonb,
	"at_stripe" jsonb,
	"right_side" text NOT NULL,
	"action" text NOT NULL,
	"found_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "drifts_once_a_run" UNIQUE("run_id","kind","subject_id")
);
--> statement-breakpoint
CREATE TABLE "reconciliation_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"stripe_account_id" text NOT NULL,
	"kind" text NOT NULL,
	"asked_since" timestamp (3) with time zone,
	"since" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	"phase" text NOT NULL,
	"cursor" text,
	"refunds_listed" integer DEFAULT 0 NOT NULL,
	"refunds_asked" integer DEFAULT 0 NOT NULL,
	"events_listed" integer DEFAULT 0 NOT NULL,
	"events_pulled" integer DEFAULT 0 NOT NULL,
	"sent_again" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"started_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "reconciliation_runs_span" CHECK ("reconciliation_runs"."since" <= "reconciliation_runs"."until"),
	CONSTRAINT "reconciliation_runs_end" CHECK (("reconciliation_runs"."status" = 'running') = ("reconciliation_runs"."finished_at" is null)),
	CONSTRAINT "reconciliation_runs_due_while_running" CHECK (("reconciliation_runs"."status" = 'running') = ("reconciliation_runs"."next_attempt_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "drifts" ADD CONSTRAINT "drifts_run_id_reconciliation_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."reconciliation_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drifts" ADD CONSTRAINT "drifts_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_runs" ADD CONSTRAINT "reconciliation_runs_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "drifts_app_newest" ON "drifts" USING btree ("app_id","found_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "drifts_refund" ON "drifts" USING btree ("refund_id");--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_runs_one_scheduled" ON "reconciliation_runs" USING btree ("app_id") WHERE "reconciliation_runs"."status" = 'running' and "reconciliation_runs"."kind" = 'scheduled';--> statement-breakpoint
CREATE INDEX "reconciliation_runs_app_newest" ON "reconciliation_runs" USING btree ("app_id","started_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "reconciliation_runs_due" ON "reconciliation_runs" USING btree ("next_attempt_at") WHERE "reconciliation_runs"."status" = 'running';