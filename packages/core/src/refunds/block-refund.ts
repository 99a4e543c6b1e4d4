import type { Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { type BlockedCode, blockedSentences } from "./blockage.ts";
import { changeRefund } from "./change-refund.ts";
import { executor } from "./executor.ts";
import type { RefundRow } from "./refund-row.ts";

/** Puts a refund aside that cannot run now, and whose calls, if any, are known to have had no effect. */
export async function blockRefund(
  dependencies: Dependencies,
  transaction: Transaction,
  {
    refund,
    blockedCode,
    correlationId,
  }: { refund: RefundRow; blockedCode: BlockedCode; correlationId: string },
): Promise<void> {
  await changeRefund(dependencies, transaction, {
    refund,
    to: "blocked",
    set: {
      blockedCode,
      outcomeUnknown: false,
      leaseUntil: null,
      nextAttemptAt: nextJudgement(dependencies),
    },
    actor: executor,
    action: "refund_blocked",
    correlationId,
    details: { blockedCode, explanation: blockedSentences[blockedCode] },
  });
}

/** When a blocked refund is judged again, should the news that frees it be lost. */
export function nextJudgement(dependencies: Pick<Dependencies, "clock">): Date {
  return new Date(dependencies.clock.now().getTime() + 60 * 60 * 1000);
}
