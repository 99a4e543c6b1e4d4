import {
  bulkRefundItems,
  bulkRefunds,
  type RefundStatus,
  refunds,
  type Transaction,
} from "@redress/database";
import { and, asc, eq } from "drizzle-orm";
import type { Requester } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { type Demand, demandOf } from "../policy/judge-refund.ts";
import { previewVerdict } from "../policy/preview-verdict.ts";
import { blockedSentences } from "../refunds/blockage.ts";
import { isOpenStatus } from "../refunds/open-statuses.ts";
import { violatedConstraint } from "../refunds/violated-constraint.ts";
import type { BulkRow, ItemRow } from "./bulk-row.ts";
import { findPurchase } from "./find-purchase.ts";
import { raiseDemand, sealList } from "./seal-list.ts";

const chunk = 50;

/**
 * Judges the lines of a list for a while, each by itself as a request of its own would be, and seals the list when
 * all are judged. Any number of processes may do it; a line is judged anew when one dies.
 *
 * @returns true when nothing is left to do
 */
export async function prepareList(
  dependencies: Dependencies,
  { bulkRefundId, forMs, correlationId }: { bulkRefundId: string; forMs: number; correlationId: string },
): Promise<boolean> {
  const { database, clock } = dependencies;
  const endsAt = clock.now().getTime() + forMs;
  do {
    const [list] = await database.select().from(bulkRefunds).where(eq(bulkRefunds.id, bulkRefundId));
    if (list?.status !== "preparing") return true;
    const lines = await database
      .select()
      .from(bulkRefundItems)
      .where(and(eq(bulkRefundItems.bulkRefundId, bulkRefundId), eq(bulkRefundItems.status, "listed")))
      .orderBy(asc(bulkRefundItems.position))
      .limit(chunk);
    if (lines.length === 0) {
      await sealList(dependencies, { bulkRefundId, correlationId });
      return true;
    }
    for (const line of lines) await prepareLine(dependencies, list, line);
    await database.update(bulkRefunds).set({ workedAt: clock.now() }).where(eq(bulkRefunds.id, bulkRefundId));
  } while (clock.now().getTime() < endsAt);
  return false;
}

type Judged =
  | ({ readonly status: "ready"; readonly demand: Demand } & Required<
      Pick<ItemRow, "foundPurchaseId" | "purchaseId" | "amount" | "currency">
    >)
  | {
      readonly status: "left_out";
      readonly foundPurchaseId: string | null;
      readonly code: string;
      readonly explanation: string;
    };

async function prepareLine(dependencies: Dependencies, list: BulkRow, line: ItemRow): Promise<void> {
  const judged = await judgeLine(dependencies, list, line);
  const { demand, ...values } = judged.status === "ready" ? judged : { ...judged, demand: null };
  try {
    await dependencies.database.transaction(async (transaction) => {
      if (demand !== null) await raiseDemand(transaction, list.id, demand);
      await write(transaction, line, values);
    });
  } catch (error) {
    if (violatedConstraint(error) !== "bulk_refund_items_purchase") throw error;
    await write(dependencies.database, line, {
      ...{ status: "left_out", purchaseId: null, foundPurchaseId: values.foundPurchaseId, code: "duplicate" },
      explanation: "The purchase is in this list already: a purchase is refunded once by it.",
    });
  }
}

async function write(
  database: Transaction | Dependencies["database"],
  { bulkRefundId, position }: ItemRow,
  values: Partial<ItemRow>,
): Promise<void> {
  await database
    .update(bulkRefundItems)
    .set(values)
    .where(
      and(
        eq(bulkRefundItems.bulkRefundId, bulkRefundId),
        eq(bulkRefundItems.position, position),
        eq(bulkRefundItems.status, "listed"),
      ),
    );
}

async function judgeLine(dependencies: Dependencies, list: BulkRow, line: ItemRow): Promise<Judged> {
  const found = await findPurchase(dependencies.database, { appId: list.appId, handle: line.handle });
  if ("code" in found) return { status: "left_out", foundPurchaseId: null, ...found };
  const leftOut = (code: string, explanation: string): Judged => ({
    ...{ status: "left_out", foundPurchaseId: found.id, code, explanation },
  });
  const { amount, currency } = line;
  try {
    const preview = await previewVerdict(dependencies, {
      requester: requesterOf(list),
      purchaseId: found.id,
      amount: amount === null || currency === null ? undefined : { amount, currency },
      reason: list.reason,
    });
    if ("repeats" in preview) {
      const status = await statusOf(dependencies, preview.repeats);
      const how = status !== undefined && isOpenStatus(status) ? "is under way" : "was made a short time ago";
      return leftOut("already_asked", `The same refund ${how}: ${preview.repeats}.`);
    }
    const { verdict, blocked } = preview;
    if (blocked !== null) return leftOut(blocked, blockedSentences[blocked]);
    if (verdict.kind === "refuse") return leftOut("policy_refused", verdict.explanation);
    const demand: Demand =
      verdict.kind === "ask" ? demandOf(verdict) : { approverRole: "approver", approversNeeded: 1 };
    return {
      ...{ status: "ready", demand, purchaseId: found.id, foundPurchaseId: found.id },
      ...{ amount: preview.amount, currency: preview.currency },
    };
  } catch (error) {
    if (!(error instanceof RedressError)) throw error;
    return leftOut(error.code, error.message);
  }
}

async function statusOf({ database }: Dependencies, refundId: string): Promise<RefundStatus | undefined> {
  const [row] = await database
    .select({ status: refunds.status })
    .from(refunds)
    .where(eq(refunds.id, refundId));
  return row?.status;
}

/** Who asks for the lines of a list. */
export function requesterOf({
  requestedByKind: kind,
  requestedById: id,
  requestedByOwner,
}: BulkRow): Requester {
  return kind === "agent" ? { kind, id, ownerId: requestedByOwner } : { kind, id };
}
