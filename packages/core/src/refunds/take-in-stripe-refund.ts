import type { Dependencies } from "../dependencies.ts";
import type { SettleSource } from "./confirm-refund.ts";
import { type Settled, settleRefund } from "./settle-refund.ts";

/**
 * Takes in a refund found in a list of Stripe's. Its purchase must be committed before; this opens its own
 * transaction. Of one that is older than the connection, an import tells no app.
 */
export function takeInStripeRefund(
  dependencies: Dependencies,
  input: { accountId: string; stripeRefund: unknown; source: SettleSource; correlationId: string },
): Promise<Settled> {
  return settleRefund(dependencies, { ...input, fresh: false });
}
