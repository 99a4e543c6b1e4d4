import { refundComments } from "@redress/database";
import { eq, max } from "drizzle-orm";
import type { Requester } from "../actor.ts";
import { tellApprovers } from "../approvals/tell-approvers.ts";
import { hashPersonal } from "../audit/hash-personal.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { lockRefund, type RefundRow } from "../refunds/refund-row.ts";
import type { RefundCommentView } from "../refunds/refund-view.ts";
import { listComments } from "./list-comments.ts";

/** As many as a refund can have (`refund_comments_limits`). */
const mostComments = 500;

/**
 * Says something about a refund, in any of its states. Whether a person may is judged by the caller; an agent
 * comments on what its own key asked for. The text is data: it is never in the log, and decides nothing.
 *
 * @param input.text 1 to 2000 characters
 * @returns the comment
 * @throws RedressError `refund_not_found`, `permission_denied`, `too_many_comments`
 */
export async function addComment(
  dependencies: Dependencies,
  input: { refundId: string; author: Requester; text: string; correlationId: string },
): Promise<RefundCommentView> {
  const { refundId, author, text, correlationId } = input;
  const number = await dependencies.database.transaction(async (transaction) => {
    const { purchase, refund } = await lockRefund(transaction, refundId);
    requireOwn(refund, author);
    const [last] = await transaction
      .select({ number: max(refundComments.number) })
      .from(refundComments)
      .where(eq(refundComments.refundId, refundId));
    const next = (last?.number ?? 0) + 1;
    if (next > mostComments) throw tooMany();
    const id = newId(dependencies.random, "comment");
    await transaction.insert(refundComments).values({
      id,
      refundId,
      number: next,
      authorKind: author.kind,
      authorId: author.id,
      text,
      createdAt: dependencies.clock.now(),
    });
    await recordAudit(dependencies, transaction, {
      actor: author,
      action: "refund_commented",
      correlationId,
      appId: refund.appId,
      purchaseId: refund.purchaseId,
      refundId,
      details: { commentId: id, textHash: hashPersonal(purchase.personalSalt, text) },
    });
    await tellApprovers(dependencies, transaction, { refundId, occasion: "commented", number: next });
    return next;
  });
  dependencies.wakeOutbox();
  const comment = (await listComments(dependencies, { refundId })).find((one) => one.number === number);
  if (!comment) throw new Error(`comment ${number} of refund ${refundId} is gone`);
  return comment;
}

function requireOwn(refund: RefundRow, author: Requester): void {
  if (author.kind !== "agent" || refund.requestedById === author.id) return;
  throw new RedressError(
    "permission_denied",
    "An agent comments on what its own key asked for. A person has to say it here.",
  );
}

function tooMany(): RedressError {
  return new RedressError(
    "too_many_comments",
    `This refund has ${mostComments} comments, and takes no more. Talk about it elsewhere, or ask for a new refund if one is due.`,
  );
}
