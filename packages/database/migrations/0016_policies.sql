CREATE TABLE "policy_versions" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text,
	"number" integer NOT NULL,
	"document" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by_kind" text NOT NULL,
	"created_by_id" text NOT NULL,
	CONSTRAINT "policy_versions_number" CHECK ("policy_versions"."number" > 0),
	CONSTRAINT "policy_versions_desk_whole" CHECK ("policy_versions"."app_id" is not null or "policy_versions"."document" is not null)
);
--> statement-breakpoint
CREATE TABLE "refund_verdicts" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"refund_id" text NOT NULL,
	"policy_version_id" text NOT NULL,
	"occasion" text NOT NULL,
	"verdict" text NOT NULL,
	"rule" integer,
	"approver_role" text,
	"explanation" text NOT NULL,
	"facts" jsonb NOT NULL,
	"judged_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "refund_verdicts_role" CHECK (("refund_verdicts"."verdict" = 'ask') = ("refund_verdicts"."approver_role" is not null)),
	CONSTRAINT "refund_verdicts_rule" CHECK ("refund_verdicts"."verdict" = 'ask' or "refund_verdicts"."rule" is not null)
);
--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "approver_role" text DEFAULT 'approver' NOT NULL;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refund_verdicts" ADD CONSTRAINT "refund_verdicts_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refund_verdicts" ADD CONSTRAINT "refund_verdicts_policy_version_id_policy_versions_id_fk" FOREIGN KEY ("policy_version_id") REFERENCES "public"."policy_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "policy_versions_of_app" ON "policy_versions" USING btree ("app_id","number") WHERE "policy_versions"."app_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "policy_versions_of_desk" ON "policy_versions" USING btree ("number") WHERE "policy_versions"."app_id" is null;--> statement-breakpoint
CREATE INDEX "refund_verdicts_refund" ON "refund_verdicts" USING btree ("refund_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "refund_verdicts_of_request" ON "refund_verdicts" USING btree ("refund_id") WHERE "refund_verdicts"."occasion" = 'request';--> statement-breakpoint
CREATE INDEX "approvals_by_policy" ON "approvals" USING btree ("decided_at") WHERE "approvals"."decided_by_kind" = 'policy';--> statement-breakpoint
-- A version of a policy stays as it was written, and a verdict as it was given.
create trigger policy_versions_append_only before update or delete on policy_versions
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger policy_versions_no_truncate before truncate on policy_versions
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger refund_verdicts_append_only before update or delete on refund_verdicts
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger refund_verdicts_no_truncate before truncate on refund_verdicts
  for each statement execute function refuse_change();
--> statement-breakpoint
-- The desk's own policy, for apps that have none: a person decides everything.
insert into policy_versions (id, app_id, number, document, created_at, created_by_kind, created_by_id)
  values ('pol_desk', null, 1, '{"rules": []}', now(), 'system', 'migration');
--> statement-breakpoint
-- What the approval rules of an app said is the first version of its policy.
insert into policy_versions (id, app_id, number, document, created_at, created_by_kind, created_by_id)
  select
    'pol_' || substr(md5(app_id), 1, 20),
    app_id,
    1,
    jsonb_build_object('rules', jsonb_build_array(jsonb_build_object(
      'name', 'Small amounts',
      'when', jsonb_build_object('amount', jsonb_agg(
        jsonb_build_object('currency', currency, 'atMost', maximum_amount) order by currency
      )),
      'verdict', 'allow'
    ))),
    max(created_at),
    case when (array_agg(created_by order by created_at desc, currency))[1] in (select id from operators)
      then 'operator' else 'system' end,
    (array_agg(created_by order by created_at desc, currency))[1]
  from approval_rules
  group by app_id;
--> statement-breakpoint
DROP TABLE "approval_rules" CASCADE;
