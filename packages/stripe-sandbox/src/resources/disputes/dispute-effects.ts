import type Stripe from "stripe";
import type { Context } from "../../context.ts";
import { balanceTransactions, disputes } from "../collections.ts";
import { previousAttributes } from "../previous-attributes.ts";
import { type Dispute, formatDispute } from "./dispute.ts";

/** The wire form of a dispute, with its balance transactions in it. */
export function disputeObject(ctx: Context, dispute: Dispute): Stripe.Dispute {
  const transactions = dispute.balanceTransactions.flatMap((id) => {
    const transaction = ctx.collection(balanceTransactions).get(id);
    return transaction ? [transaction] : [];
  });
  return formatDispute(dispute, transactions, ctx.nowSeconds());
}

/** Stores the changed dispute and sends one event about it. */
export function updateDispute(
  ctx: Context,
  before: Dispute,
  changes: Partial<Dispute>,
  event: "charge.dispute.updated" | "charge.dispute.closed" | "charge.dispute.funds_withdrawn",
): Dispute {
  const old = disputeObject(ctx, before);
  const after = ctx.collection(disputes).put({ ...before, ...changes });
  const object = disputeObject(ctx, after);
  ctx.emit(event, object, previousAttributes(old, object));
  return after;
}
