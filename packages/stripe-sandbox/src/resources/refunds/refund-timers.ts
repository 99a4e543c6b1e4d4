import { z } from "zod";
import type { TimerHandler } from "../../context.ts";
import { refunds } from "../collections.ts";
import { balanceTimer, fail, payWaitingRefunds, refundTimer, succeed } from "./move-refund.ts";
import { refundStatuses } from "./refund-status.ts";

const progress = z.object({
  refund: z.string(),
  from: z.enum(refundStatuses),
  to: z.enum(["succeeded", "failed"]),
});

const arrival = z.object({ currency: z.string() });

export const refundTimers: Readonly<Record<string, TimerHandler>> = {
  /** What the test card promised, unless the refund has gone another way meanwhile. */
  [refundTimer]: (ctx, payload) => {
    const { refund: id, from, to } = progress.parse(payload);
    const refund = ctx.collection(refunds).get(id);
    if (refund?.status !== from) return;
    if (to === "succeeded") succeed(ctx, refund);
    else fail(ctx, refund, "failed", "expired_or_canceled_card");
  },
  [balanceTimer]: (ctx, payload) => payWaitingRefunds(ctx, arrival.parse(payload).currency),
};
