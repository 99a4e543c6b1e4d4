CREATE TABLE "saved_views" (
	"id" text PRIMARY KEY NOT NULL,
	"page" text NOT NULL,
	"name" text NOT NULL,
	"search" text NOT NULL,
	"owner_id" text NOT NULL,
	"is_shared" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "saved_views_name" UNIQUE("owner_id","page","name"),
	CONSTRAINT "saved_views_page_known" CHECK ("saved_views"."page" in ('purchases', 'refunds')),
	CONSTRAINT "saved_views_name_form" CHECK (length("saved_views"."name") between 1 and 60 and "saved_views"."name" !~ '[[:cntrl:]]'),
	CONSTRAINT "saved_views_search" CHECK (length("saved_views"."search") <= 1000)
);
--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_owner_id_operators_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."operators"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "saved_views_page" ON "saved_views" USING btree ("page","created_at","id");