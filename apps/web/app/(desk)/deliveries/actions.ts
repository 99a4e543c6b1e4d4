"use server";

import { resendNotification } from "@redress/core/notifications/resend";
import { countResendable, resendWindow } from "@redress/core/notifications/resend-window";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { ResendOutcome } from "../../../components/deliveries/resend-outcome.ts";
import { action } from "../../../src/access/action.ts";
import { scopeOf } from "../../../src/access/scope.ts";
import { resendForm, windowOf } from "../../../src/rest/deliveries-input.ts";

/** Sends a message to an app once more. */
export const resendDelivery = action(
  {
    permission: "apps.manage",
    owner: { notification: (input) => input.notificationId },
    input: z.object({ notificationId: z.string() }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    await resendNotification(dependencies, { ...input, actor, correlationId });
    redirect(`/deliveries/${input.notificationId}`);
  },
);

/** One click sends a thousand at most, so that nobody waits for an answer until a browser gives up. */
const mostBatches = 10;

/** Counts the messages of a window, and once that was seen sends them again. */
export const resendDeliveries = action(
  { permission: "apps.manage", owner: "apps", input: resendForm },
  async ({ dependencies, operator, input, correlationId }): Promise<ResendOutcome> => {
    const { step, ...typed } = input;
    if (step === "change") return { step, window: typed };
    // What is counted is what is sent: nothing that comes to be in between.
    const until = typed.until === "" ? dependencies.clock.now().toISOString() : typed.until;
    const window = { ...windowOf({ ...typed, until }), appIds: scopeOf(operator.grants, "apps.manage") };
    const { resendable } = await countResendable(dependencies, { window });
    const shown = { ...typed, until };
    if (step === "count") return { step: "counted", window: shown, resendable };
    const actor = { kind: "operator", id: operator.id } as const;
    let resent = 0;
    for (let batch = 0; batch < mostBatches && resent < resendable; batch += 1) {
      const sent = await resendWindow(dependencies, { window, actor, correlationId });
      resent += sent.resent;
      if (sent.done) break;
    }
    return { step: "sent", window: shown, resent, left: Math.max(0, resendable - resent) };
  },
);
