import type Stripe from "stripe";
import type { RefundStatus } from "./admin.ts";
import { pay } from "./payment.ts";
import type { Target } from "./target.ts";

/** The steps every fact about refunds is told in, on the target's connected account. */
export function refunding(target: Target) {
  const { stripe, on } = target;
  const refund = (params: Stripe.RefundCreateParams) => stripe.refunds.create(params, on);
  const move = (id: string, status: RefundStatus, reason?: string) =>
    target.admin.moveRefund(id, target.account, status, reason);
  return {
    refund,
    move,
    fetched: (id: string) => stripe.refunds.retrieve(id, {}, on),
    charged: (id: string) => stripe.charges.retrieve(id, {}, on),
    refundsOf: async (charge: string) => (await stripe.refunds.list({ charge }, on)).data,
    /** A refund of 20.00 out of 50.00, brought into `status` along allowed steps. */
    refundIn: async (status: RefundStatus): Promise<{ id: string; charge: string }> => {
      const payment_method = status === "succeeded" ? "pm_card_bypassPending" : "pm_card_pendingRefund";
      const { charge } = await pay(target, { payment_method });
      const { id } = await refund({ charge, amount: 2000 });
      if (status !== "succeeded" && status !== "pending") await move(id, status);
      return { id, charge };
    },
  };
}
