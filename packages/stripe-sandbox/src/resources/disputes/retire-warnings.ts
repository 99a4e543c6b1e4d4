import type { Context } from "../../context.ts";
import { earlyFraudWarnings } from "../collections.ts";
import { formatEarlyFraudWarning } from "./early-fraud-warning.ts";

/** Nothing is left to prevent: the charge was disputed or fully refunded. */
export function retireWarnings(ctx: Context, charge: string): void {
  const warnings = ctx.collection(earlyFraudWarnings);
  for (const warning of warnings.where("charge", charge)) {
    if (!warning.actionable) continue;
    const after = warnings.put({ ...warning, actionable: false });
    ctx.emit("radar.early_fraud_warning.updated", formatEarlyFraudWarning(after), { actionable: true });
  }
}
