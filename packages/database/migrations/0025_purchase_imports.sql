CREATE TABLE "purchase_import_windows" (
	"import_id" text NOT NULL,
	"number" integer NOT NULL,
	"sold_from" timestamp (3) with time zone,
	"sold_until" timestamp (3) with time zone,
	"cursor" text,
	"reached_at" timestamp (3) with time zone,
	"is_done" boolean DEFAULT false NOT NULL,
	"lease_until" timestamp (3) with time zone,
	CONSTRAINT "purchase_import_windows_import_id_number_pk" PRIMARY KEY("import_id","number"),
	CONSTRAINT "purchase_import_windows_span" CHECK ("purchase_import_windows"."sold_from" < "purchase_import_windows"."sold_until")
);
--> statement-breakpoint
CREATE TABLE "purchase_imports" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"stripe_account_id" text NOT NULL,
	"status" text NOT NULL,
	"page_count" integer DEFAULT 0 NOT NULL,
	"charge_count" integer DEFAULT 0 NOT NULL,
	"imported_count" integer DEFAULT 0 NOT NULL,
	"error" text,
	"started_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "purchase_imports_end" CHECK (("purchase_imports"."status" = 'running') = ("purchase_imports"."finished_at" is null))
);
--> statement-breakpoint
CREATE TABLE "test_refunds" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"stripe_account_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"purchase_id" text,
	"refund_id" text,
	"error" text,
	CONSTRAINT "test_refunds_amount" CHECK ("test_refunds"."amount" > 0),
	CONSTRAINT "test_refunds_order" CHECK ("test_refunds"."refund_id" is null or "test_refunds"."purchase_id" is not null)
);
--> statement-breakpoint
ALTER TABLE "purchases" ADD COLUMN "app_customer_id" text;--> statement-breakpoint
ALTER TABLE "purchase_import_windows" ADD CONSTRAINT "purchase_import_windows_import_id_purchase_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."purchase_imports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchase_imports" ADD CONSTRAINT "purchase_imports_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "test_refunds" ADD CONSTRAINT "test_refunds_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "test_refunds" ADD CONSTRAINT "test_refunds_purchase_id_purchases_id_fk" FOREIGN KEY ("purchase_id") REFERENCES "public"."purchases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "test_refunds" ADD CONSTRAINT "test_refunds_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "purchase_import_windows_open" ON "purchase_import_windows" USING btree ("import_id") WHERE not "purchase_import_windows"."is_done";--> statement-breakpoint
CREATE UNIQUE INDEX "purchase_imports_one_running" ON "purchase_imports" USING btree ("app_id") WHERE "purchase_imports"."status" = 'running';--> statement-breakpoint
CREATE INDEX "purchase_imports_app_newest" ON "purchase_imports" USING btree ("app_id","started_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "test_refunds_app_newest" ON "test_refunds" USING btree ("app_id","started_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "purchases_stripe_customer" ON "purchases" USING btree ("stripe_customer_id");--> statement-breakpoint
CREATE INDEX "purchases_app_customer" ON "purchases" USING btree ("app_customer_id");--> statement-breakpoint
CREATE INDEX "purchases_price" ON "purchases" USING btree ("amount_captured","purchased_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
-- What apps knew of their imports goes on in the new tables, a running one from where it was.
INSERT INTO "purchase_imports" ("id", "app_id", "stripe_account_id", "status", "imported_count", "error", "started_at", "updated_at", "finished_at")
SELECT 'imp_' || left(md5("id"), 20), "id", "stripe_account_id", "import_status", "imported_count", "import_error", "connected_at", "updated_at",
	case when "import_status" = 'running' then null else "updated_at" end
FROM "apps" WHERE "import_status" <> 'none' AND "stripe_account_id" IS NOT NULL;--> statement-breakpoint
INSERT INTO "purchase_import_windows" ("import_id", "number", "cursor")
SELECT 'imp_' || left(md5("id"), 20), 1, "import_cursor"
FROM "apps" WHERE "import_status" = 'running' AND "stripe_account_id" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "apps" DROP COLUMN "import_status";--> statement-breakpoint
ALTER TABLE "apps" DROP COLUMN "import_cursor";--> statement-breakpoint
ALTER TABLE "apps" DROP COLUMN "imported_count";--> statement-breakpoint
ALTER TABLE "apps" DROP COLUMN "import_error";