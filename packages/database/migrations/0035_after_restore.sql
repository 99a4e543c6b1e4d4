CREATE TABLE "restore_apps" (
	"restore_id" text NOT NULL,
	"app_id" text NOT NULL,
	"compared_at" timestamp (3) with time zone,
	CONSTRAINT "restore_apps_restore_id_app_id_pk" PRIMARY KEY("restore_id","app_id")
);
--> statement-breakpoint
CREATE TABLE "restores" (
	"id" text PRIMARY KEY NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"noticed_at" timestamp (3) with time zone NOT NULL,
	"sequence_floor" integer NOT NULL,
	CONSTRAINT "restores_span" CHECK ("restores"."since" <= "restores"."noticed_at")
);
--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "lost_refund_id" text;--> statement-breakpoint
ALTER TABLE "restore_apps" ADD CONSTRAINT "restore_apps_restore_id_restores_id_fk" FOREIGN KEY ("restore_id") REFERENCES "public"."restores"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "restore_apps" ADD CONSTRAINT "restore_apps_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "restore_apps_open" ON "restore_apps" USING btree ("app_id") WHERE "restore_apps"."compared_at" is null;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_lost_shape" CHECK ("refunds"."lost_refund_id" is null or "refunds"."origin" = 'stripe');