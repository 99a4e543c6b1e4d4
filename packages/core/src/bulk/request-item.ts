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
  lockPurchase,
  type PurchaseRow,
  type RefundRow,
  readApp,
} from "../refunds/refund-row.ts";
import { approversOfList } from "./approvers-of-list.ts";
import { type BulkRow, type ItemRow, lockBulk } from "./bulk-row.ts";
import { changeBulk } from "./change-bulk.ts";
import { requesterOf } from "./prepare-list.ts";
import { pauseList } from "./steer-bulk.ts";

/** What became of the next line of a list. */
export type NextLine =
  | { readonly kind: "begun"; readonly attempt: Attempt }
  | { readonly kind: "dropped" }
  /** The list ended or was paused, or others have its last lines under way. */
  | { readonly kind: "none" };

interface Line {
  readonly list: BulkRow;
  readonly item: ItemRow & { purchaseId: string; amount: number; currency: string };
  readonly correlationId: string;
}

const actor = systemActor("bulk");

/**
 * Asks for the next line of a list, approves it in the name of whoever approved the list, and writes the intention of
 * its first call: in one transaction, so that a line has one refund or none, whenever the process dies, and is judged
 * once. A line that is no longer as it was judged is dropped, and says why; what stands in the way of all lines pauses
 * the run.
 */
export async function requestNextLine(
  dependencies: Dependencies,
  input: { bulkRefundId: string; correlationId: string },
): Promise<NextLine> {
  const taken = await dependencies.database.transaction((transaction) =>
    takeLine(dependencies, transaction, input),
  );
  if (typeof taken === "object") return taken;
  await endOrPause(dependencies, { ...input, why: taken });
  return { kind: "none" };
}

type Obstacle = "no_line" | "app_not_connected" | "refunds_stopped" | "approver_gone";

async function takeLine(
  dependencies: Dependencies,
  transaction: Transaction,
  { bulkRefundId, correlationId }: { bulkRefundId: string; correlationId: string },
): Promise<NextLine | Obstacle> {
  const list = await lockBulk(transaction, bulkRefundId, "share");
  if (list.status !== "running") return { kind: "none" };
  const [item] = await transaction
    .select()
    .from(bulkRefundItems)
    .where(and(eq(bulkRefundItems.bulkRefundId, bulkRefundId), eq(bulkRefundItems.status, "ready")))
    .orderBy(asc(bulkRefundItems.position))
    .limit(1)
    .for("update", { skipLocked: true });
  if (item === undefined) return "no_line";
  const { purchaseId, amount, currency } = item;
  if (purchaseId === null || amount === null || currency === null)
    throw new Error("a ready line says what it is");
  const line: Line = { list, item: { ...item, purchaseId, amount, currency }, correlationId };
  const app = await readApp(transaction, list.appId, { share: true });
  if (app.stripeAccountId === null) return "app_not_connected";
  if (app.refundsStoppedAt !== null) return "refunds_stopped";
  return requestLine(dependencies, transaction, { ...line, app });
}

async function requestLine(
  dependencies: Dependencies,
  transaction: Transaction,
  line: Line & { app: AppRow },
): Promise<NextLine | "approver_gone"> {
  const { list, item, app } = line;
  const purchase = await lockPurchase(transaction, item.purchaseId);
  if (await anyFallen(transaction, await approversOfList(transaction, list), list)) return "approver_gone";
  const blocked = blockageOf(purchase, app);
  if (blocked !== null) return drop(transaction, line, blocked, blockedSentences[blocked]);
  try {
    await explicitAmount(transaction, purchase, { amount: item.amount, currency: item.currency });
    const { policy } = await policyInForce(transaction, list.appId);
    const asked = { purchase, app, reason: chooseReason(policy, list.reason) };
    // A line that turns out to be forbidden leaves no refund behind.
    const refund = await transaction.transaction((inner) => insertApproved(dependencies, inner, line, asked));
    await mark(transaction, line, { status: "requested" });
    return { kind: "begun", attempt: await begin(dependencies, transaction, refund, line) };
  } catch (error) {
    if (!(error instanceof RedressError)) throw error;
    return drop(transaction, line, error.code, error.message);
  }
}

async function insertApproved(
  dependencies: Dependencies,
  transaction: Transaction,
  { list, item, correlationId }: Line,
  { purchase, app, reason }: { purchase: PurchaseRow; app: AppRow; reason: ReturnType<typeof chooseReason> },
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

async function begin(
  dependencies: Dependencies,
  transaction: Transaction,
  refund: RefundRow,
  { correlationId }: Line,
): Promise<Attempt> {
  const { approvalId } = refund;
  if (approvalId === null) throw new Error(`refund ${refund.id} was approved without an approval`);
  return intendFirstCall(dependencies, transaction, { refund, approvalId, correlationId });
}

function policyChanged(explanation: string): RedressError {
  return new RedressError(
    "policy_changed",
    `The policy wants more than this list was approved by. ${explanation} Ask for this one by itself.`,
  );
}

async function drop(
  transaction: Transaction,
  line: Line,
  code: string,
  explanation: string,
): Promise<NextLine> {
  await mark(transaction, line, { status: "dropped", code, explanation });
  return { kind: "dropped" };
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
