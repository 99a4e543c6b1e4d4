"use server";

import { resendNotification } from "@redress/core/notifications/resend";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { ResendOutcome } from "../../../components/deliveries/resend-outcome.ts";
import { action } from "../../../src/access/action.ts";
import { scopeOf } from "../../../src/access/scope.ts";
import { resendForm } from "../../../src/rest/deliveries-input.ts";
import { resendTyped } from "../../../src/rest/resend-typed.ts";

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

/** Counts the messages of a window, and once that was seen sends them again. */
export const resendDeliveries = action(
  { permission: "apps.manage", owner: "apps", input: resendForm },
  async ({ dependencies, operator, input, correlationId }): Promise<ResendOutcome> =>
    resendTyped(dependencies, input, {
      appIds: scopeOf(operator.grants, "apps.manage"),
      actor: { kind: "operator", id: operator.id },
      correlationId,
    }),
);
