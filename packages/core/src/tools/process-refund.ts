import { approvals, purchases, refunds } from "@redress/database";
import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Requester } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { isRedressError, RedressError } from "../errors.ts";
import type { Money } from "../money.ts";
import { parseInput } from "../parse-input.ts";
import { refuseProposalKey } from "../proposals/request-key.ts";
import { executeRefund } from "../refunds/execute-refund.ts";
import { currencyMismatch } from "../refunds/explicit-amount.ts";
import { getRefund } from "../refunds/get-refund.ts";
import { queueNextExecution } from "../refunds/queue-next-execution.ts";
import { purchaseNotFound } from "../refunds/refund-row.ts";
import type { RefundDetail } from "../refunds/refund-view.ts";
import { requestOrRepeat } from "../refunds/request-refund.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { statusUrlOf } from "./status-url.ts";

/** The tool's input, as REST, MCP and forms take it. */
export const processRefundInput = z.strictObject({
  purchaseId: z.string().min(1).describe("The purchase to refund, pur_…"),
  amount: z
    .int()
    .positive()
    .optional()
    .describe("In the currency's smallest unit, e.g. cents. Omitted: all that is left."),
  currency: z
    .string()
    .length(3)
    .toLowerCase()
    .optional()
    .describe("Three letters. The purchase's own unless given."),
  reason: z
    .string()
    .min(1)
    .max(40)
    .optional()
    .describe(
      "A code of the app's own list, which getRefundPolicy answers in reasons; requested_by_customer, duplicate or fraudulent unless the app has others. Left out: the customer's wish.",
    ),
  note: z.string().trim().min(1).max(2000).optional().describe("Why, for those who approve and audit."),
  requestId: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("Your own id of this request. The same id again never makes a second refund."),
  inAdditionTo: z
    .array(z.string().min(1).max(100))
    .max(50)
    .optional()
    .describe(
      "Ids of earlier refunds of this purchase, rfd_…, when another one is really wanted beside them. Without it, asking again for the same gives the refund that is there.",
    ),
});
export type ProcessRefundInput = z.input<typeof processRefundInput>;

export interface ProcessRefundContext {
  readonly requester: Requester;
  /** An approval given before: its refund is run, nothing new is asked for. */
  readonly approvalId?: string | undefined;
  readonly correlationId: string;
}

export interface ProcessRefundAnswer {
  readonly refundId: string;
  readonly stripeRefundId: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly status: RefundDetail["status"];
  /** The charge at Stripe. */
  readonly charge: string;
  /** Present and true when the money had been returned by another refund. */
  readonly alreadyRefunded?: true;
  /** While Stripe has not said what became of it: when it is asked again; null waits for a person. */
  readonly nextAttemptAt?: Date | null;
  /** Present and true when it had been asked for before, by this or another request id. */
  readonly repeated?: true;
  /** Present until it is decided and settled: where its state can be asked for, with the same key. */
  readonly statusUrl?: string;
  /** What happened, and what comes next, in a sentence. */
  readonly message: string;
}

/**
 * The refund tool that agents call: asks for a refund and, where the app's policy or an approval allows
 * it, runs it at once.
 *
 * @throws RedressError as `requestRefund`; `invalid_input` for what is no such input; `approval_missing` when the approval is not in force or is for
 *   something else; `not_authorized_to_refund` when Stripe does not let the platform act on the account
 */
export async function processRefund(
  dependencies: Dependencies,
  input: ProcessRefundInput,
  context: ProcessRefundContext,
): Promise<ProcessRefundAnswer> {
  const request = parseInput(processRefundInput, input);
  const { correlationId } = context;
  const asked =
    context.approvalId === undefined
      ? await ask(dependencies, request, context)
      : { refund: await findApproved(dependencies, request, context.approvalId), repeated: false };
  if ("charge" in asked) return asked;
  const { repeated } = asked;
  const mayRun = asked.refund.status === "approved" || asked.refund.status === "executing";
  if (!mayRun) return answerOf(dependencies, asked.refund, { repeated });
  await runNow(dependencies, { refundId: asked.refund.id, correlationId });
  const refund = await getRefund(dependencies, { refundId: asked.refund.id });
  if (
    refund.refusedCode === "not_authorized_to_refund" ||
    (refund.status === "blocked" && refund.blockedCode === "account_disconnected")
  ) {
    throw new RedressError("not_authorized_to_refund", "Not authorized to refund this account", {
      details: { refundId: refund.id, status: refund.status },
    });
  }
  return answerOf(dependencies, refund, { repeated });
}

async function runNow(
  dependencies: Dependencies,
  execution: { refundId: string; correlationId: string },
): Promise<void> {
  if ((await executeRefund(dependencies, execution)) !== "again") return;
  // The approval's own message waits for this call to end; the next try need not.
  await dependencies.database.transaction((transaction) =>
    queueNextExecution(dependencies, transaction, execution.refundId),
  );
  dependencies.wakeOutbox();
}

type Parsed = z.output<typeof processRefundInput>;

async function ask(
  dependencies: Dependencies,
  request: Parsed,
  { requester, correlationId }: ProcessRefundContext,
): Promise<{ refund: RefundDetail; repeated: boolean } | ProcessRefundAnswer> {
  const { purchaseId, reason, note, requestId, inAdditionTo } = request;
  refuseProposalKey(requestId);
  const amount = await moneyOf(dependencies, request);
  try {
    return await requestOrRepeat(dependencies, {
      requester,
      purchaseId,
      amount,
      reason,
      note,
      requestKey: requestId,
      inAdditionTo,
      callerExecutes: true,
      correlationId,
    });
  } catch (error) {
    if (!isRedressError(error) || error.code !== "already_refunded") throw error;
    const earlier = await refundThatCameFirst(dependencies, purchaseId);
    if (!earlier) throw error;
    return { ...answerOf(dependencies, earlier, {}), alreadyRefunded: true, message: error.message };
  }
}

/** What was asked for; undefined for all that is left, in the currency that was named, if any. */
export async function moneyOf(
  dependencies: Pick<Dependencies, "database">,
  { purchaseId, amount, currency }: Pick<Parsed, "purchaseId" | "amount" | "currency">,
): Promise<Money | undefined> {
  if (amount === undefined && currency === undefined) return undefined;
  const [purchase] = await dependencies.database
    .select({ currency: purchases.currency })
    .from(purchases)
    .where(eq(purchases.id, purchaseId));
  if (!purchase) throw purchaseNotFound(purchaseId);
  if (amount !== undefined) return { amount, currency: currency ?? purchase.currency };
  if (currency !== purchase.currency) throw currencyMismatch(purchase.currency);
  return undefined;
}

async function refundThatCameFirst(
  dependencies: Dependencies,
  purchaseId: string,
): Promise<RefundDetail | undefined> {
  const [row] = await dependencies.database
    .select({ id: refunds.id })
    .from(refunds)
    .where(
      and(
        eq(refunds.purchaseId, purchaseId),
        inArray(refunds.status, ["succeeded", "pending", "requires_action"]),
      ),
    )
    .orderBy(desc(refunds.requestedAt), desc(refunds.id))
    .limit(1);
  return row && getRefund(dependencies, { refundId: row.id });
}

async function findApproved(
  dependencies: Dependencies,
  request: Parsed,
  approvalId: string,
): Promise<RefundDetail> {
  const [row] = await dependencies.database
    .select({ id: refunds.id, amount: refunds.amount, currency: refunds.currency })
    .from(approvals)
    .innerJoin(refunds, eq(refunds.id, approvals.refundId))
    .where(
      and(
        eq(approvals.id, approvalId),
        eq(approvals.decision, "approved"),
        isNull(approvals.revokedAt),
        eq(refunds.purchaseId, request.purchaseId),
      ),
    );
  const isSame =
    row !== undefined &&
    (request.amount === undefined || request.amount === row.amount) &&
    (request.currency === undefined || request.currency === row.currency);
  if (!isSame) {
    throw new RedressError(
      "approval_missing",
      "This approval is not in force, or it is for another purchase or amount. Ask for the refund without it.",
      { details: { approvalId } },
    );
  }
  return getRefund(dependencies, { refundId: row.id });
}

function answerOf(
  { clock, settings }: Pick<Dependencies, "clock" | "settings">,
  refund: RefundDetail,
  { repeated = false }: { repeated?: boolean },
): ProcessRefundAnswer {
  return {
    refundId: refund.id,
    stripeRefundId: refund.stripeRefundId,
    amount: refund.amount,
    currency: refund.currency,
    status: refund.status,
    charge: refund.stripeChargeId,
    ...(refund.refusedCode === "already_refunded" || refund.origin === "stripe"
      ? { alreadyRefunded: true }
      : {}),
    ...(refund.status === "executing" ? { nextAttemptAt: refund.nextAttemptAt } : {}),
    ...(repeated ? { repeated: true } : {}),
    ...statusUrlOf(settings, refund),
    message: describeOutcome(refund, clock.now()),
  };
}
