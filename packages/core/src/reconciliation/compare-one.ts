import { refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { askOne } from "./ask-refunds.ts";
import { compareApart } from "./compare-apart.ts";
import { compareRefund } from "./compare-refund.ts";
import { largestPage } from "./list-refunds.ts";
import type { RunRow } from "./run.ts";
import type { StepResult } from "./step.ts";

/**
 * Compares one refund: all refunds of its charge are listed, since one whose answer was lost is found by
 * its metadata only. What is missing there although we name it is asked for by itself.
 */
export async function compareOneStep(dependencies: Dependencies, run: RunRow): Promise<StepResult> {
  const [row] = await dependencies.database
    .select()
    .from(refunds)
    .where(eq(refunds.id, run.refundId ?? ""));
  if (!row) throw new Error(`reconciliation ${run.id} is about a refund that is gone`);
  const listed: { id: string }[] = [];
  const list = dependencies.stripe.refunds.list(
    { charge: row.stripeChargeId, limit: largestPage },
    { stripeAccount: run.stripeAccountId },
  );
  for await (const stripeRefund of list) listed.push(stripeRefund);
  let requests = Math.max(1, Math.ceil(listed.length / largestPage));
  // Oldest first: of two that carry our metadata the older is ours.
  for (const stripeRefund of listed.toReversed()) {
    requests += await compareApart(dependencies, run, stripeRefund.id, () =>
      compareRefund(dependencies, run, { stripeRefund, source: "reconciliation" }),
    );
  }
  const isMissing = row.stripeRefundId !== null && !listed.some(({ id }) => id === row.stripeRefundId);
  if (isMissing) requests += await askOne(dependencies, run, row);
  return {
    cursor: null,
    counts: { refundsListed: listed.length, refundsAsked: isMissing ? 1 : 0 },
    requests,
  };
}
