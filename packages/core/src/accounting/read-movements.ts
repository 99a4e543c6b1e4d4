import { apps, refundMovements, refunds, type Transaction } from "@redress/database";
import { and, eq, isNotNull, lte, min } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import { takeShare } from "../stripe/request-share.ts";
import { type Booking, readBookings } from "./balance-transaction.ts";

type MovementRow = typeof refundMovements.$inferSelect;

const minuteMs = 60_000;
const longestMs = 24 * 60 * minuteMs;
/** Asked that often over more than a day, Stripe has no movement of it. */
const mostAsks = 12;

/**
 * Fills in what refunds moved in the books of their accounts, as Stripe booked it: fees and net are in no webhook. In
 * the background and within the share of requests that comparisons have; accounts that are not connected wait.
 *
 * @param options.limit at most this many refunds; 10 unless told, so that comparisons keep most of the share
 * @returns how many refunds were asked for
 */
export async function readMovements(
  dependencies: Dependencies,
  options: { limit?: number } = {},
): Promise<number> {
  const due = await dueRefunds(dependencies, options.limit ?? 10);
  let asked = 0;
  for (const refund of due) {
    // What is left waits for the next sweep.
    if ((await takeShare(dependencies, "reconciliation")) > 0) break;
    asked += 1;
    const bookings = await retrieve(dependencies, refund);
    await dependencies.database.transaction((transaction) =>
      record(dependencies, transaction, refund.id, bookings),
    );
    // Where Stripe is away, the sweep must not wait for it again and again.
    if (bookings === null) break;
  }
  return asked;
}

interface DueRefund {
  readonly id: string;
  readonly accountId: string;
  readonly stripeRefundId: string;
}

async function dueRefunds({ database, clock }: Dependencies, limit: number): Promise<DueRefund[]> {
  const rows = await database
    .select({
      id: refunds.id,
      accountId: refunds.stripeAccountId,
      stripeRefundId: refunds.stripeRefundId,
    })
    .from(refundMovements)
    .innerJoin(refunds, eq(refunds.id, refundMovements.refundId))
    .innerJoin(apps, eq(apps.stripeAccountId, refunds.stripeAccountId))
    .where(and(lte(refundMovements.dueAt, clock.now()), isNotNull(refunds.stripeRefundId)))
    .groupBy(refunds.id)
    .orderBy(min(refundMovements.dueAt), refunds.id)
    .limit(limit);
  return rows.flatMap(({ stripeRefundId, ...row }) =>
    stripeRefundId === null ? [] : [{ ...row, stripeRefundId }],
  );
}

type Bookings = ReturnType<typeof readBookings>;

/** Null: Stripe did not say. */
async function retrieve(
  { stripe, logger }: Dependencies,
  { id, accountId, stripeRefundId }: DueRefund,
): Promise<Bookings> {
  try {
    const answer = await stripe.refunds.retrieve(
      stripeRefundId,
      { expand: ["balance_transaction", "failure_balance_transaction"] },
      { stripeAccount: accountId },
    );
    return readBookings(answer);
  } catch (error) {
    const { kind, message } = classifyStripeError(error);
    logger.warn(
      { refundId: id, stripeRefundId, kind, message },
      "Stripe did not say how a refund was booked. It is asked again later.",
    );
    return null;
  }
}

async function record(
  { clock }: Pick<Dependencies, "clock">,
  transaction: Transaction,
  refundId: string,
  bookings: Bookings,
): Promise<void> {
  const rows = await transaction
    .select()
    .from(refundMovements)
    .where(and(eq(refundMovements.refundId, refundId), eq(refundMovements.state, "unread")))
    .for("update");
  for (const row of rows) {
    await transaction
      .update(refundMovements)
      .set(valuesOf(row, bookings === null ? undefined : bookings[row.kind], clock.now()))
      .where(
        and(
          eq(refundMovements.refundId, refundId),
          eq(refundMovements.kind, row.kind),
          eq(refundMovements.state, "unread"),
        ),
      );
  }
}

/** @param booking null: Stripe has none; undefined: it did not answer */
function valuesOf(row: MovementRow, booking: Booking | null | undefined, now: Date): Partial<MovementRow> {
  if (booking) return { ...booking, state: "read", dueAt: null };
  const askCount = row.askCount + 1;
  if (booking === null && askCount >= mostAsks) return { state: "none", dueAt: null, askCount };
  const waitMs = Math.min(minuteMs * 2 ** Math.min(askCount, 20), longestMs);
  return { askCount, dueAt: new Date(now.getTime() + waitMs) };
}
