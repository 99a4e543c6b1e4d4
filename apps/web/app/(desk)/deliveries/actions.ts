"use server";

import { resendNotification } from "@redress/core/notifications/resend";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "../../../src/access/action.ts";

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
