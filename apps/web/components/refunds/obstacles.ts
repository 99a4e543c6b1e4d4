import type { BlockedCode } from "@redress/core/refunds/blockage";

/** What stands in the way of a request that is not decided yet: in two words, and what approving it means. */
export const obstacles: Readonly<Record<BlockedCode, { mark: string; sentence: string }>> = {
  account_disconnected: {
    mark: "Not connected",
    sentence: "The app is not connected to Stripe: once approved, this waits until it is connected again.",
  },
  account_changed: {
    mark: "Other account",
    sentence:
      "The app is connected to another Stripe account than the customer paid: once approved, this waits until that one is connected again.",
  },
  dispute_open: {
    mark: "Disputed",
    sentence: "The customer’s bank has opened a dispute: once approved, this waits until it is closed.",
  },
  refunds_stopped: {
    mark: "Stopped",
    sentence:
      "All refunds of the app are stopped: once approved, this waits until an admin lets them run again.",
  },
};
