import { raiseAlert } from "../alerts.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Misattribution } from "./record-misattribution.ts";

/** After the commit: wakes somebody for news that the books alone cannot mend. */
export function alertAfterSettling(
  dependencies: Pick<Dependencies, "logger">,
  settled: {
    readonly refundId: string | null;
    readonly reopened?: boolean;
    readonly resurfaced?: boolean;
    readonly misattributed?: Misattribution | undefined;
  },
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
  if (settled.misattributed) {
    raiseAlert(
      dependencies,
      "refund_misattributed",
      { ...settled.misattributed },
      "Our call made one refund, and its row holds another or none: somebody copied or removed our metadata at Stripe. Compare both in the purchase's history.",
    );
  }
}
