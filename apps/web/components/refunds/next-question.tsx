import type { RefundSummary } from "@redress/core/refunds/refund-view";
import { getRuntime } from "../../src/runtime.ts";
import { When } from "../when.tsx";

/** While Stripe is being asked: when the next question is due, in words; nothing in other states. */
export function NextQuestion({
  refund,
  className,
}: {
  refund: Pick<RefundSummary, "status" | "nextAttemptAt">;
  className?: string;
}) {
  if (refund.status !== "executing" || refund.nextAttemptAt === null) return null;
  const isDue = refund.nextAttemptAt <= getRuntime().dependencies.clock.now();
  return (
    <span data-next-question={refund.nextAttemptAt.toISOString()} className={className}>
      {isDue ? (
        "next question now"
      ) : (
        <>
          next question <When at={refund.nextAttemptAt} />
        </>
      )}
    </span>
  );
}
