import { stopReason, stopRefunds } from "@redress/core/apps/stop-refunds";
import { z } from "zod";
import { route } from "../../../../../../src/access/route.ts";
import { slugParams } from "../../../../../../src/rest/input.ts";

/** Stops all refunds of the app at once. Whoever may decide on a refund may do this; only an admin ends it. */
export const POST = route(
  {
    permission: "refunds.decide",
    owner: { app: ({ params }) => params.slug },
    params: slugParams,
    body: z.strictObject({ reason: stopReason }),
  },
  async ({ dependencies, operator, params, body, correlationId }) => ({
    app: await stopRefunds(dependencies, {
      ...params,
      ...body,
      actor: { kind: "operator", id: operator.id },
      correlationId,
    }),
  }),
);
