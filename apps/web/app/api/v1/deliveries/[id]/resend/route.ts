import { resendNotification } from "@redress/core/notifications/resend";
import { route } from "../../../../../../src/access/route.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

/** Sends a message to an app once more, under its old id. */
export const POST = route(
  {
    permission: "apps.manage",
    owner: { notification: ({ params }) => params.id },
    params: idParams,
    status: 202,
  },
  async ({ dependencies, operator, params, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    await resendNotification(dependencies, { notificationId: params.id, actor, correlationId });
    return { notificationId: params.id };
  },
);
