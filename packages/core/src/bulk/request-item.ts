import { bulkRefundItems, type Transaction } from "@redress/database";
import { and, asc, eq } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import { recordApproval } from "../approvals/record-approval.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { demandOf, judgeRefund } from "../policy/judge-refund.ts";
import { policyInForce } from "../policy/policy-in-force.ts";
import { chooseReason } from "../policy/reasons.ts";
import { givesFeeBack } from "../refunds/application-fee.ts";
import { type Attempt, intendFirstCall } from "../refunds/begin-attempt.ts";
import { blockageOf, blockedSentences } from "../refunds/blockage.ts";
import { explicitAmount } from "../refunds/explicit-amount.ts";
import { anyFallen } from "../refunds/fallen-approver.ts";
import { insertRequest } from "../refunds/insert-request.ts";
import {
  type AppRow,
  lockPurchases,
  type PurchaseRow,
  purchaseNotFound,
  type RefundRow,
  readApp,
} from "../refunds/refund-row.ts";
import { approversOfList } from "./approvers-of-list.ts";
import { type BulkRow, type ItemRow, lockBulk } from "./bulk-row.ts";
import { changeBulk } from "./change-bulk.ts";
import { requesterOf } from "./prepare-list.ts";
import { pauseList } from "./steer-bulk.ts";

/** What became of the next lines of a list. */
export interface NextLines {
  /** The calls that are to be made now, of those lines that were not dropped. */
  readonly attempts: readonly Attempt[];
  /** The list ended or was paused, or others have its last lines under way. */
  readonly over: boolean;
}

interface Line {
  readonly list: BulkRow;
  readonly item: ItemRow & { purchaseId: string; amount: number; currency: string };
  readonly correlationId: string;
}

const actor = systemActor("bulk");

/**
 * Asks for the next lines of a list, approves them in the name of whoever approved the list, and writes the intention of
 * each one's first call: in one transaction, so that a line has one refund or none, whenever the process dies, and is
 * judged once. A line that is no longer as it was judged is dropped, and says why; what stands in the way of all lines
 * pauses the run.
 *
 * @param input.count how many at most
 */
export async function requestNextLines(
  dependencies: Dependencies,
  input: { bulkRefundId: string; correlationId: string; count: number },
): Promise<NextLines> {
  const taken = await dependencies.database.transaction((transaction) =>
    takeLines(dependencies, transaction, input),
  );
  if (typeof taken === "object") return taken;
  await endOrPause(dependencies, { ...input, why: taken });
  return { attempts: [], over: true };
}

type Obstacle = "no_line" | "app_not_connected" | "refunds_stopped" | "approver_gone";

async function takeLines(
  dependencies: Dependencies,
  transaction: Transaction,
  { bulkRefundId, correlationId, count }: { bulkRefundId: string; correlationId: string; count: number },
): Promise<NextLines | Obstacle> {
  const list = await lockBulk(transaction, bulkRefundId, "share");
  if (list.status !== "running") return { attempts: [], over: true };
  const items = await transaction
    .select()
    .from(bulkRefundItems)
    .where(and(eq(bulkRefundItems.bulkRefundId, bulkRefundId), eq(bulkRefundItems.status, "ready")))
    .orderBy(asc(bulkRefundItems.position))
    .limit(count)
    .for("update", { skipLocked: true });
  if (items.length === 0) return "no_line";
  const lines = items.map((item) => ({ list, item: readyItem(item), correlationId }));
  const purchases = await lockPurchases(
    transaction,
    lines.map(({ item }) => item.purchaseId),
  );
  const app = await readApp(transaction, list.appId, { share: true });
  if (app.stripeAccountId === null) return "app_not_connected";
  if (app.refundsStoppedAt !== null) return "refunds_stopped";
  if (await anyFallen(transaction, await approversOfList(transaction, list), list)) return "approver_gone";
  const { policy } = await policyInForce(transaction, list.appId);
  const reason = chooseReason(policy, list.reason);
  const attempts: Attempt[] = [];
  for (const line of lines) {
    const purchase = purchases.get(line.item.purchaseId);
    if (purchase === undefined) throw purchaseNotFound(line.item.purchaseId);
    const attempt = await requestLine(dependencies, transaction, { line, app, purchase, reason });
    if (attempt !== null) attempts.push(attempt);
  }
  return { attempts, over: false };
}

function readyItem(item: ItemRow): Line["item"] {
  const { purchaseId, amount, currency } = item;
  if (purchaseId === null || amount === null || currency === null)
    throw new Error("a ready line says what it is");
  return { ...item, purchaseId, amount, currency };
}

interface Asked {
  readonly line: Line;
  readonly app: AppRow;
  readonly purchase: PurchaseRow;
  readonly reason: ReturnType<typeof chooseReason>;
}

/** @returns null when the line was dropped */
async function requestLine(
  dependencies: Dependencies,
  transaction: Transaction,
  asked: Asked,
): Promise<Attempt | null> {
  const { line, app, purchase } = asked;
  const { item, correlationId } = line;
  const blocked = blockageOf(purchase, app);
  if (blocked !== null) return drop(transaction, line, blocked, blockedSentences[blocked]);
  try {
    await explicitAmount(transaction, purchase, { amount: item.amount, currency: item.currency });
    // A line that turns out to be forbidden leaves no refund behind.
    return await transaction.transaction(async (inner) => {
      const refund = await insertApproved(dependencies, inner, asked);
      await mark(inner, line, { status: "requested" });
      const { approvalId } = refund;
      if (approvalId === null) throw new Error(`refund ${refund.id} was approved without an approval`);
      return intendFirstCall(dependencies, inner, { refund, approvalId, correlationId });
    });
  } catch (error) {
    if (!(error instanceof RedressError)) throw error;
    return drop(transaction, line, error.code, error.message);
  }
}

async function insertApproved(
  dependencies: Dependencies,
  transaction: Transaction,
  { line: { list, item, correlationId }, purchase, app, reason }: Asked,
): Promise<RefundRow> {
  const { approverRole, approversNeeded, decidedBy, selfApproved } = list;
  if (decidedBy === null) throw new Error(`bulk refund ${list.id} runs and was approved by nobody`);
  const refund = await insertRequest(dependencies, transaction, {
    ...{ purchase, amount: item.amount, reason },
    refundApplicationFee: givesFeeBack(dependencies, { purchase, app }),
    list: { bulkRefundId: list.id, approverRole, approversNeeded },
    request: {
      ...{
        requester: requesterOf(list),
        purchaseId: purchase.id,
        note: list.note ?? undefined,
        correlationId,
      },
    },
  });
  const { verdict } = await judgeRefund(dependencies, transaction, { purchase, refund, occasion: "request" });
  if (verdict.kind === "refuse") throw policyChanged(verdict.explanation);
  if (verdict.kind === "ask") {
    const today = demandOf(verdict);
    const isCovered =
      today.approversNeeded <= approversNeeded &&
      (today.approverRole === "approver" || approverRole === "admin");
    if (!isCovered) throw policyChanged(verdict.explanation);
  }
  return recordApproval(dependencies, transaction, {
    ...{ refund, purchase, selfApproved, correlationId, ofList: true },
    decidedBy: { kind: "operator", id: decidedBy },
  });
}

function policyChanged(explanation: string): RedressError {
  return new RedressError(
    "policy_changed",
    `The policy wants more than this list was approved by. ${explanation} Ask for this one by itself.`,
  );
}

async function drop(transaction: Transaction, line: Line, code: string, explanation: string): Promise<null> {
  await mark(transaction, line, { status: "dropped", code, explanation });
  return null;
}

async function mark(transaction: Transaction, { item }: Line, values: Partial<ItemRow>): Promise<void> {
  await transaction
    .update(bulkRefundItems)
    .set(values)
    .where(
      and(eq(bulkRefundItems.bulkRefundId, item.bulkRefundId), eq(bulkRefundItems.position, item.position)),
    );
}

/** Ends a list of which no line is left, or pauses it, under its own lock: no line is under way then. */
async function endOrPause(
  dependencies: Dependencies,
  { bulkRefundId, correlationId, why }: { bulkRefundId: string; correlationId: string; why: Obstacle },
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const list = await lockBulk(transaction, bulkRefundId);
    if (list.status !== "running") return;
    if (why !== "no_line") {
      await pauseList(dependencies, transaction, { list, actor, correlationId, pausedCode: why });
      return;
    }
    const ready = and(eq(bulkRefundItems.bulkRefundId, bulkRefundId), eq(bulkRefundItems.status, "ready"));
    if ((await transaction.$count(bulkRefundItems, ready)) > 0) return;
    await changeBulk(dependencies, transaction, {
      ...{ list, to: "finished", actor, action: "bulk_refund_finished", correlationId },
    });
  });
}
