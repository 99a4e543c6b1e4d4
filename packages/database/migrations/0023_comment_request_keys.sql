ALTER TABLE "refund_comments" ADD COLUMN "request_key" text;--> statement-breakpoint
ALTER TABLE "refund_comments" ADD CONSTRAINT "refund_comments_request_key" UNIQUE("author_id","request_key");