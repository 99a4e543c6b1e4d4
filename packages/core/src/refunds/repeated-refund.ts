import { type RefundStatus, refunds, type Transaction } from "@redress/database";
import { and, desc, eq, gte, inArray, isNotNull, or, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { formatMoney } from "../money.ts";
import { isOpenStatus, openStatuses } from "./open-statuses.ts";
import type { RefundRequest } from "./refund-request.ts";
import type { PurchaseRow, RefundRow } from "./refund-row.ts";
import { remainderOf } from "./remainder.ts";

/** So long after its end a refund is still the answer to an agent that asks for the same again. */
const repeatPeriodMs = 7 * 24 * 60 * 60 * 1000;

/**
 * Ended, with an answer that asking again does not change. Not among them: what the one who asked took back,
 * and what was replaced, whose replacement counts instead.
 */
const finishedStatuses = [
  "succeeded",
  "failed",
  "canceled",
  "refused",
  "rejected",
  "expired",
] as const satisfies readonly RefundStatus[];

const isOpen = ({ status }: RefundRow) => isOpenStatus(status);

/**
 * The refund that an agent already has, or could have known of, when it asks for the same again under
 * another request id: equal in purchase and amount to one that is open, or was finished within a week,
 * whoever asked for it, be it in Stripe's Dashboard. A model that invents an id for each try is so answered like one that does not.
 *
 * The purchase must be locked. People are not asked: they see the purchase's refunds when they ask.
 *
 * @returns null when this is a new request
 * @throws RedressError `request_open` when one over another amount is open; `invalid_input` when
 *   `inAdditionTo` names a refund that is not this purchase's
 */
export async function repeatedRefund(
  { clock }: Pick<Dependencies, "clock">,
  transaction: Transaction,
  { purchase, request }: { purchase: PurchaseRow; request: RefundRequest },
): Promise<string | null> {
  if (request.requester.kind !== "agent") return null;
  const named = request.inAdditionTo ?? [];
  await requireOfPurchase(transaction, purchase, named);
  const since = new Date(clock.now().getTime() - repeatPeriodMs);
  const others = (await recentRefunds(transaction, purchase, since)).filter(({ id }) => !named.includes(id));
  const { left } = await remainderOf(transaction, purchase);
  const amount = request.amount?.amount ?? left;
  const currency = request.amount?.currency ?? purchase.currency;
  const isSame = (row: RefundRow) => row.amount === amount && row.currency === currency;
  // Nothing is left of "all that is left": whatever took it is what was asked for.
  const tookAll = (row: RefundRow) =>
    request.amount === undefined && left === 0 && row.status === "succeeded";
  const openAll = (row: RefundRow) => request.amount === undefined && left === 0 && isOpen(row);
  const same =
    others.find((row) => isOpen(row) && isSame(row)) ??
    others.find(isSame) ??
    others.find(openAll) ??
    others.find(tookAll);
  if (same) return same.id;
  const open = others.find(isOpen);
  if (open) throw requestOpen(open);
  return null;
}

/** Newest first. */
function recentRefunds(transaction: Transaction, { id }: PurchaseRow, since: Date): Promise<RefundRow[]> {
  return transaction
    .select()
    .from(refunds)
    .where(
      and(
        eq(refunds.purchaseId, id),
        or(
          inArray(refunds.status, [...openStatuses]),
          // Its request id is lost: whenever it is asked for again, this is the answer.
          and(isNotNull(refunds.lostRefundId), eq(refunds.status, "succeeded")),
          and(
            inArray(refunds.status, [...finishedStatuses]),
            gte(sql`coalesce(${refunds.settledAt}, ${refunds.updatedAt})`, since.toISOString()),
          ),
        ),
      ),
    )
    .orderBy(desc(refunds.requestedAt), desc(refunds.id));
}

async function requireOfPurchase(
  transaction: Transaction,
  { id }: PurchaseRow,
  named: readonly string[],
): Promise<void> {
  if (named.length === 0) return;
  const known = await transaction
    .select({ id: refunds.id })
    .from(refunds)
    .where(and(eq(refunds.purchaseId, id), inArray(refunds.id, [...named])));
  const foreign = named.find((one) => !known.some((row) => row.id === one));
  if (foreign === undefined) return;
  throw new RedressError(
    "invalid_input",
    "Correct this and send it again. inAdditionTo: must name refunds of the same purchase.",
    { details: { fields: [{ field: "inAdditionTo", message: "is no refund of this purchase" }] } },
  );
}

function requestOpen(open: RefundRow): RedressError {
  return new RedressError(
    "request_open",
    `A refund of ${formatMoney(open)} of this purchase is open (${open.id}). Wait for it or take it back; if both are wanted, ask again and name it in inAdditionTo.`,
    { details: { refundId: open.id, status: open.status, amount: open.amount, currency: open.currency } },
  );
}
