import { raiseAlert } from "../alerts.ts";
import type { Dependencies } from "../dependencies.ts";

/** After the commit: money that was told to have been returned came back, and the customer has nothing. */
export function alertOfReopened(
  dependencies: Pick<Dependencies, "logger">,
  settled: { readonly refundId: string | null; readonly reopened?: boolean },
): void {
  if (!settled.reopened) return;
  raiseAlert(
    dependencies,
    "refund_failed_after_success",
    { refundId: settled.refundId },
    "A refund that had succeeded has failed: the customer has nothing. The app is told; arrange the refund another way.",
  );
}
