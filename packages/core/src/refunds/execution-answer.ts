/** How one run of `executeRefund` ended: see there. */
export type ExecutionAnswer = "settled" | "again" | "stopped";
