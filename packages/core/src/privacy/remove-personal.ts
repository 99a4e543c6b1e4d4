import {
  approvalEndorsements,
  approvals,
  bulkRefundItems,
  bulkRefunds,
  deliveries,
  notifications,
  outboxMessages,
  purchases,
  refundComments,
  refunds,
  savedViews,
  stripeEvents,
  type Transaction,
} from "@redress/database";
import { and, eq, inArray, isNotNull, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Dependencies } from "../dependencies.ts";
import { reducePayload } from "../webhooks/reduce-payload.ts";
import type { Customer } from "./customer.ts";
import { mentionPattern } from "./find-mentions.ts";

/** Rows that lost something, by table. */
export type Removed = Readonly<Record<string, number>>;

type RemoveDependencies = Pick<Dependencies, "clock" | "random">;

/** Removes what is personal of a customer, in the caller's transaction. Done twice, it changes nothing. */
export async function removePersonal(
  dependencies: RemoveDependencies,
  transaction: Transaction,
  customer: Customer,
): Promise<Removed> {
  const counts = {
    stripe_events: await reduceEvents(transaction, customer),
    ...(await removeNotes(transaction, customer)),
    ...(await removeFromMessages(transaction, customer)),
    ...(await removeFromLists(transaction, customer)),
    purchases: await removeFromPurchases(dependencies, transaction, customer),
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** Last of all, since the words to look for are theirs. The new salt makes nothing of the hashes in the audit log. */
async function removeFromPurchases(
  { clock, random }: RemoveDependencies,
  transaction: Transaction,
  { purchases: bought }: Customer,
): Promise<number> {
  for (const { id, erasedAt } of bought) {
    const personalSalt = Buffer.from(random.bytes(16)).toString("hex");
    await transaction
      .update(purchases)
      // What is personal is taken away by a trigger, as it is from whatever comes later.
      .set({ personalSalt, erasedAt: erasedAt ?? clock.now(), updatedAt: clock.now() })
      .where(eq(purchases.id, id));
  }
  return bought.length;
}

/** Those that are not handled yet keep their body until then (see `stripeEventWorkflow`). */
async function reduceEvents(transaction: Transaction, customer: Customer): Promise<number> {
  const ids = customer.purchases.flatMap(({ stripeChargeId, stripePaymentIntentId, stripeCustomerId }) => [
    ...[stripeChargeId, stripePaymentIntentId, stripeCustomerId].filter((id) => id !== null),
  ]);
  const emails = customer.words.filter((word) => word.includes("@"));
  const about = contains(stripeEvents.payload, [...ids.map((id) => id.toLowerCase()), ...emails]);
  const events = await transaction
    .select({ id: stripeEvents.id, payload: stripeEvents.payload })
    .from(stripeEvents)
    .where(and(about, ne(stripeEvents.status, "received"), isNull(stripeEvents.expungedAt)))
    .orderBy(stripeEvents.id)
    .for("update");
  let count = 0;
  for (const { id, payload } of events) {
    const reduced = reducePayload(payload);
    if (reduced === payload) continue;
    // Not marked as expunged: the sweeper goes on after the newest that is.
    await transaction
      .update(stripeEvents)
      .set({ payload: reduced, lastError: null })
      .where(eq(stripeEvents.id, id));
    count += 1;
  }
  return count;
}

async function removeNotes(transaction: Transaction, customer: Customer): Promise<Removed> {
  const ids = customer.refunds.map(({ id }) => id);
  if (ids.length === 0) return {};
  const of = (column: PgColumn) => inArray(column, ids);
  const noted = await transaction
    .update(refunds)
    .set({ note: null, ticketUrl: null })
    .where(and(of(refunds.id), or(isNotNull(refunds.note), isNotNull(refunds.ticketUrl))))
    .returning({ id: refunds.id });
  const decided = await transaction
    .update(approvals)
    .set({ note: null })
    .where(and(of(approvals.refundId), isNotNull(approvals.note)))
    .returning({ id: approvals.id });
  const endorsed = await transaction
    .update(approvalEndorsements)
    .set({ note: null })
    .where(and(of(approvalEndorsements.refundId), isNotNull(approvalEndorsements.note)))
    .returning({ id: approvalEndorsements.id });
  const said = await transaction
    .update(refundComments)
    .set({ text: null })
    .where(and(of(refundComments.refundId), isNotNull(refundComments.text)))
    .returning({ id: refundComments.id });
  return {
    refunds: noted.length,
    approvals: decided.length,
    approval_endorsements: endorsed.length,
    refund_comments: said.length,
  };
}

async function removeFromMessages(transaction: Transaction, customer: Customer): Promise<Removed> {
  const purchaseIds = customer.purchases.map(({ id }) => id);
  if (purchaseIds.length === 0) return {};
  const own = await transaction
    .select({ id: notifications.id })
    .from(notifications)
    .where(inArray(notifications.purchaseId, purchaseIds));
  const ids = own.map(({ id }) => id);
  const told = await transaction
    .update(notifications)
    .set({
      payload: sql`jsonb_set(${notifications.payload}, '{data,purchase,customer_email}', 'null', false)`,
      answer: null,
    })
    .where(inArray(notifications.purchaseId, purchaseIds))
    .returning({ id: notifications.id });
  const answered =
    ids.length === 0
      ? []
      : await transaction
          .update(deliveries)
          .set({ responseBody: null, responseHeaders: null })
          .where(and(inArray(deliveries.notificationId, ids), isNotNull(deliveries.responseBody)))
          .returning({ id: deliveries.id });
  const mails = customer.refunds.map(
    ({ id }) => sql`${outboxMessages.factKey} like ${`mail:customer:${id}:%`}`,
  );
  const unsent = await transaction
    .delete(outboxMessages)
    .where(and(or(sql`false`, ...mails), isNull(outboxMessages.completedAt)))
    .returning({ id: outboxMessages.id });
  return { notifications: told.length, deliveries: answered.length, outbox_messages: unsent.length };
}

/** Of lists of many people only what names this one: their own lines, and words that were searched for. */
async function removeFromLists(transaction: Transaction, customer: Customer): Promise<Removed> {
  const purchaseIds = customer.purchases.map(({ id }) => id);
  const ofOwn = purchaseIds.length === 0 ? undefined : inArray(bulkRefundItems.foundPurchaseId, purchaseIds);
  const lines = await transaction
    .update(bulkRefundItems)
    .set({
      handle: "erased",
      explanation: sql`case when ${contains(bulkRefundItems.explanation, customer.words)} then 'Erased.' else ${bulkRefundItems.explanation} end`,
    })
    .where(or(ofOwn, contains(bulkRefundItems.handle, customer.words)))
    .returning({ position: bulkRefundItems.position });
  const wordOf = (column: PgColumn, instead: SQL) =>
    sql`case when ${contains(column, customer.words)} then ${instead} else ${column} end`;
  const lists = await transaction
    .update(bulkRefunds)
    .set({
      note: wordOf(bulkRefunds.note, sql`null`),
      decisionNote: wordOf(bulkRefunds.decisionNote, sql`null`),
      filter: wordOf(bulkRefunds.filter, sql`'erased'`),
    })
    .where(
      or(
        contains(bulkRefunds.note, customer.words),
        contains(bulkRefunds.decisionNote, customer.words),
        contains(bulkRefunds.filter, customer.words),
      ),
    )
    .returning({ id: bulkRefunds.id });
  const views = await transaction
    .delete(savedViews)
    .where(or(contains(savedViews.search, customer.words), contains(savedViews.name, customer.words)))
    .returning({ id: savedViews.id });
  return { bulk_refund_items: lines.length, bulk_refunds: lists.length, saved_views: views.length };
}

/**
 * Whether a text has one of the words, in any case and spelling: an address, a full name, or an id of Stripe's. A name of one word is others' too:
 * it is only told where it stands (`findMentions`).
 */
function contains(column: PgColumn, words: readonly string[]): SQL {
  const wanted = words.filter((word) => /[@\s]|^[a-z]+_/.test(word));
  return wanted.length === 0 ? sql`false` : sql`${column} ~* ${mentionPattern(wanted)}`;
}
