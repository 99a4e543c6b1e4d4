import { createHash } from "node:crypto";
import { refunds, repeatedRequests, type Transaction } from "@redress/database";
import { and, eq, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import type { RefundRequest } from "./refund-request.ts";

/**
 * The refund that this request id stands for: for as long as the database lives the same id is answered with
 * it, be it the one that the id made or one that it was answered with.
 *
 * @returns null for an id that was never used, and for none
 * @throws RedressError `request_key_conflict` when the id came with another question before
 */
export async function earlierRequest(
  transaction: Transaction,
  request: RefundRequest,
): Promise<string | null> {
  if (request.requestKey === undefined) return null;
  const earlier = await findEarlier(transaction, request.requester.id, request.requestKey);
  if (!earlier) return null;
  if (earlier.requestHash === hashRequest(request)) return earlier.id;
  throw new RedressError(
    "request_key_conflict",
    "This request id was used for another refund. Send a new id, or exactly the first request again.",
    { details: { refundId: earlier.id } },
  );
}

async function findEarlier(transaction: Transaction, requesterId: string, requestKey: string) {
  const [made] = await transaction
    .select({ id: refunds.id, requestHash: refunds.requestHash })
    .from(refunds)
    .where(and(eq(refunds.requestedById, requesterId), eq(refunds.requestKey, requestKey)));
  if (made) return made;
  const [repeat] = await transaction
    .select({ id: repeatedRequests.refundId, requestHash: repeatedRequests.requestHash })
    .from(repeatedRequests)
    .where(and(eq(repeatedRequests.requestedById, requesterId), eq(repeatedRequests.requestKey, requestKey)));
  return repeat;
}

/**
 * An agent's request id stands in one of two tables, so requests that carry the same one take turns, also
 * where they are about two purchases. Taken before the purchase's lock.
 */
export async function lockRequestKey(
  transaction: Transaction,
  { requester, requestKey }: RefundRequest,
): Promise<void> {
  if (requester.kind !== "agent" || requestKey === undefined) return;
  const name = JSON.stringify([requester.id, requestKey]);
  await transaction.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}

/** Keeps what a request id was answered with, so that it stays so after the week in which repeats are noticed. */
export async function rememberRepeat(
  { clock }: Pick<Dependencies, "clock">,
  transaction: Transaction,
  { request, refundId }: { request: RefundRequest; refundId: string },
): Promise<void> {
  if (request.requestKey === undefined) return;
  await transaction.insert(repeatedRequests).values({
    requestedById: request.requester.id,
    requestKey: request.requestKey,
    requestHash: hashRequest(request),
    refundId,
    repeatedAt: clock.now(),
  });
}

/** What a request asked for, in one text. The same for ever: it is compared with what was stored years ago. */
export function hashRequest(request: RefundRequest): string {
  const { purchaseId, amount, reason, note, inAdditionTo, ticketUrl } = request;
  const asked = [purchaseId, amount?.amount ?? null, amount?.currency ?? null, reason ?? null, note ?? null];
  const others = inAdditionTo === undefined || inAdditionTo.length === 0 ? [] : [[...inAdditionTo].sort()];
  return createHash("sha256")
    .update(JSON.stringify([...asked, ...others, ...(ticketUrl === undefined ? [] : [{ ticketUrl }])]))
    .digest("hex");
}
