import { refundComments, type Transaction } from "@redress/database";
import { and, eq, max } from "drizzle-orm";
import type { Requester } from "../actor.ts";
import { tellApprovers } from "../approvals/tell-approvers.ts";
import { hashPersonal } from "../audit/hash-personal.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { lockRefund, type RefundRow } from "../refunds/refund-row.ts";
import type { RefundCommentView } from "../refunds/refund-view.ts";
import { violatedConstraint } from "../refunds/violated-constraint.ts";
import { listComments } from "./list-comments.ts";

/** As many as a refund can have (`refund_comments_limits`). */
const mostComments = 500;

/**
 * Says something about a refund, in any of its states. Whether a person may is judged by the caller; an agent
 * comments on what its own key asked for. The text is data: it is never in the log, and decides nothing.
 *
 * @param input.text 1 to 2000 characters
 * @param input.requestKey the author's own id of it: the same one again is answered with the first comment
 * @returns the comment
 * @throws RedressError `refund_not_found`, `permission_denied`, `too_many_comments`; `request_key_conflict` when the
 *   id came with something else before
 */
export async function addComment(dependencies: Dependencies, input: Saying): Promise<RefundCommentView> {
  const number = await sayOrRepeat(dependencies, input);
  dependencies.wakeOutbox();
  const { refundId } = input;
  const comment = (await listComments(dependencies, { refundId })).find((one) => one.number === number);
  if (!comment) throw new Error(`comment ${number} of refund ${refundId} is gone`);
  return comment;
}

interface Saying {
  readonly refundId: string;
  readonly author: Requester;
  readonly text: string;
  readonly requestKey?: string | undefined;
  readonly correlationId: string;
}

async function sayOrRepeat(dependencies: Dependencies, input: Saying): Promise<number> {
  try {
    return await say(dependencies, input);
  } catch (error) {
    // Said at the same time about two refunds; the second look finds the first one.
    if (violatedConstraint(error) !== "refund_comments_request_key") throw error;
    return say(dependencies, input);
  }
}

/** @returns the comment's number */
function say(dependencies: Dependencies, input: Saying): Promise<number> {
  const { refundId, author, text, requestKey, correlationId } = input;
  return dependencies.database.transaction(async (transaction) => {
    const { purchase, refund } = await lockRefund(transaction, refundId);
    requireOwn(refund, author);
    const earlier = await saidBefore(transaction, input);
    if (earlier !== null) return earlier;
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
      requestKey: requestKey ?? null,
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
}

/** @returns the number of the comment that this id stands for; null for an id that was never used, and for none */
async function saidBefore(transaction: Transaction, said: Saying): Promise<number | null> {
  const { refundId, author, text, requestKey } = said;
  if (requestKey === undefined) return null;
  const [earlier] = await transaction
    .select({ refundId: refundComments.refundId, number: refundComments.number, text: refundComments.text })
    .from(refundComments)
    .where(and(eq(refundComments.authorId, author.id), eq(refundComments.requestKey, requestKey)));
  if (!earlier) return null;
  // What was erased cannot be compared.
  if (earlier.refundId === refundId && (earlier.text ?? text) === text) return earlier.number;
  throw new RedressError(
    "request_key_conflict",
    "This request id was used for another comment. Send a new id, or exactly the first comment again.",
  );
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
