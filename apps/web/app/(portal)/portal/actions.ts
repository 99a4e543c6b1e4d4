"use server";

import { rotateNotificationSecret } from "@redress/core/apps/rotate-notification-secret";
import { resendNotification } from "@redress/core/notifications/resend";
import { sendPing } from "@redress/core/notifications/send-ping";
import { requireOwnDelivery } from "@redress/core/portal/portal-deliveries";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { ResendOutcome } from "../../../components/deliveries/resend-outcome.ts";
import { portalAction } from "../../../src/access/action.ts";
import { resendForm } from "../../../src/rest/deliveries-input.ts";
import { resendTyped } from "../../../src/rest/resend-typed.ts";

/** Sends the developer's app a signed message about nothing. */
export const pingOwnApp = portalAction(
  z.object({ send: z.literal("ping") }),
  async ({ dependencies, visit, correlationId }) => {
    const { actor, app } = visit;
    const sent = await sendPing(dependencies, { appId: app.id, actor, correlationId });
    const { ok, notificationId, httpStatus, message } = sent;
    return { ok, notificationId, httpStatus, message };
  },
);

/** Gives the developer's app a new notification secret, which is in this answer and in no other. */
export const rotateOwnSecret = portalAction(
  z.object({ rotate: z.literal("secret"), endPrevious: z.literal("yes").optional() }),
  async ({ dependencies, visit, input, correlationId }) =>
    rotateNotificationSecret(dependencies, {
      slug: visit.app.slug,
      endPrevious: input.endPrevious === "yes",
      actor: visit.actor,
      correlationId,
    }),
);

/** Sends one message to the developer's app once more. */
export const resendOwnDelivery = portalAction(
  z.object({ notificationId: z.string().max(100) }),
  async ({ dependencies, visit, input, correlationId }) => {
    await requireOwnDelivery(dependencies, visit, input.notificationId);
    await resendNotification(dependencies, { ...input, actor: visit.actor, correlationId });
    redirect(`/portal/deliveries/${input.notificationId}`);
  },
);

/** Counts messages of some days to the developer's app, and once that was seen sends them again. */
export const resendOwnDeliveries = portalAction(
  resendForm.omit({ app: true }),
  async ({ dependencies, visit, input, correlationId }): Promise<ResendOutcome> =>
    resendTyped(
      dependencies,
      { ...input, app: "" },
      { appIds: [visit.app.id], actor: visit.actor, correlationId },
    ),
);
