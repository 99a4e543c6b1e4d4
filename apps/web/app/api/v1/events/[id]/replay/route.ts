import { replayEvent } from "@redress/core/webhooks/replay-event";
import { route } from "../../../../../../src/access/route.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

/** Handles an event again that failed for good. */
export const POST = route(
  {
    permission: "connections.manage",
    owner: { event: ({ params }) => params.id },
    params: idParams,
    status: 202,
  },
  async ({ dependencies, operator, params, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    await replayEvent(dependencies, { eventId: params.id, actor, correlationId });
    return { eventId: params.id };
  },
);
