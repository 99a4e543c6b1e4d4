CREATE TABLE "portal_links" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"name" text NOT NULL,
	"token_fingerprint" text NOT NULL,
	"session_fingerprint" text,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"rate_free_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"revoked_by" text,
	CONSTRAINT "portal_links_token_fingerprint_unique" UNIQUE("token_fingerprint"),
	CONSTRAINT "portal_links_session_fingerprint_unique" UNIQUE("session_fingerprint"),
	CONSTRAINT "portal_links_life" CHECK ("portal_links"."expires_at" > "portal_links"."created_at" and "portal_links"."expires_at" <= "portal_links"."created_at" + interval '168 hours'),
	CONSTRAINT "portal_links_opened" CHECK (("portal_links"."opened_at" is null) = ("portal_links"."session_fingerprint" is null)),
	CONSTRAINT "portal_links_revoked" CHECK (("portal_links"."revoked_at" is null) = ("portal_links"."revoked_by" is null))
);
--> statement-breakpoint
ALTER TABLE "portal_links" ADD CONSTRAINT "portal_links_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal_links" ADD CONSTRAINT "portal_links_created_by_operators_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."operators"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "portal_links_app" ON "portal_links" USING btree ("app_id","created_at");