import { refundComments } from "@redress/database";
import { asc, eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { actorNames, actorView } from "../refunds/refund-summaries.ts";
import type { RefundCommentView } from "../refunds/refund-view.ts";

/** What was said about a refund, oldest first; 500 at most. */
export async function listComments(
  { database }: Pick<Dependencies, "database">,
  { refundId }: { refundId: string },
): Promise<RefundCommentView[]> {
  const rows = await database
    .select()
    .from(refundComments)
    .where(eq(refundComments.refundId, refundId))
    .orderBy(asc(refundComments.number));
  const names = await actorNames(
    database,
    rows.map(({ authorId }) => authorId),
  );
  return rows.map(({ id, number, authorKind, authorId, createdAt, text }) => ({
    id,
    number,
    by: actorView(names, authorKind, authorId),
    at: createdAt,
    text,
  }));
}
