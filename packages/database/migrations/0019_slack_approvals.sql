CREATE TABLE "slack_identities" (
	"team_id" text NOT NULL,
	"user_id" text NOT NULL,
	"operator_id" text NOT NULL,
	"linked_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "slack_identities_team_id_user_id_pk" PRIMARY KEY("team_id","user_id"),
	CONSTRAINT "slack_identities_operator" UNIQUE("operator_id","team_id")
);
--> statement-breakpoint
CREATE TABLE "slack_link_codes" (
	"operator_id" text PRIMARY KEY NOT NULL,
	"code_hash" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "slack_link_codes_code_hash_unique" UNIQUE("code_hash")
);
--> statement-breakpoint
CREATE TABLE "slack_messages" (
	"id" text PRIMARY KEY NOT NULL,
	"refund_id" text NOT NULL,
	"kind" text NOT NULL,
	"occasion_key" text,
	"started_at" timestamp (3) with time zone NOT NULL,
	"channel" text,
	"ts" text,
	"posted_at" timestamp (3) with time zone,
	"shown_status" text,
	"gone_at" timestamp (3) with time zone,
	CONSTRAINT "slack_messages_place_whole" CHECK (num_nonnulls("slack_messages"."channel", "slack_messages"."ts", "slack_messages"."posted_at") in (0, 3))
);
--> statement-breakpoint
ALTER TABLE "apps" ADD COLUMN "slack_channel" text;--> statement-breakpoint
ALTER TABLE "operators" ADD COLUMN "mail_approvals" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "slack_identities" ADD CONSTRAINT "slack_identities_operator_id_operators_id_fk" FOREIGN KEY ("operator_id") REFERENCES "public"."operators"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_link_codes" ADD CONSTRAINT "slack_link_codes_operator_id_operators_id_fk" FOREIGN KEY ("operator_id") REFERENCES "public"."operators"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_messages" ADD CONSTRAINT "slack_messages_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "slack_messages_occasion" ON "slack_messages" USING btree ("occasion_key") WHERE "slack_messages"."occasion_key" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "slack_messages_place" ON "slack_messages" USING btree ("channel","ts") WHERE "slack_messages"."ts" is not null;--> statement-breakpoint
CREATE INDEX "slack_messages_refund" ON "slack_messages" USING btree ("refund_id");--> statement-breakpoint
ALTER TABLE "apps" ADD CONSTRAINT "apps_slack_channel" CHECK ("apps"."slack_channel" ~ '^[CG][A-Z0-9]{2,30}$');