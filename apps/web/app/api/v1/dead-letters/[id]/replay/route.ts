import { replayDeadLetter } from "@redress/core/webhooks/replay-dead-letter";
import { route } from "../../../../../../src/access/route.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

/** Sends a message again that had failed for good. */
export const POST = route(
  {
    permission: "connections.manage",
    owner: { deadLetter: ({ params }) => params.id },
    params: idParams,
    status: 202,
  },
  async ({ dependencies, operator, params, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    return replayDeadLetter(dependencies, { messageId: params.id, actor, correlationId });
  },
);
