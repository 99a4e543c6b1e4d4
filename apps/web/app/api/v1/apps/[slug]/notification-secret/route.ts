import { rotateNotificationSecret } from "@redress/core/apps/rotate-notification-secret";
import { z } from "zod";
import { route } from "../../../../../../src/access/route.ts";
import { slugParams } from "../../../../../../src/rest/input.ts";

/** Gives the app a new secret, answered once. The one before it stays good for a day, unless it is ended. */
export const POST = route(
  {
    permission: "apps.manage",
    owner: { app: ({ params }) => params.slug },
    params: slugParams,
    body: z.strictObject({ endPrevious: z.boolean().default(false) }),
    status: 201,
  },
  async ({ dependencies, operator, params, body, correlationId }) =>
    rotateNotificationSecret(dependencies, {
      ...params,
      ...body,
      actor: { kind: "operator", id: operator.id },
      correlationId,
    }),
);
