import { raiseAlert } from "../alerts.ts";
import type { Dependencies } from "../dependencies.ts";

/** After the commit: wakes somebody for news that the books alone cannot mend. */
export function alertAfterSettling(
  dependencies: Pick<Dependencies, "logger">,
  settled: { readonly refundId: string | null; readonly reopened?: boolean; readonly resurfaced?: boolean },
): void {
  const { refundId } = settled;
  if (settled.reopened) {
    raiseAlert(
      dependencies,
      "refund_failed_after_success",
      { refundId },
      "A refund that had succeeded has failed: the customer has nothing. The app is told; arrange the refund another way.",
    );
  }
  if (settled.resurfaced) {
    raiseAlert(
      dependencies,
      "superseded_refund_found",
      { refundId },
      "Stripe made a refund that was given up and replaced: the customer may have been paid twice. Compare both in the purchase's history.",
    );
  }
}
