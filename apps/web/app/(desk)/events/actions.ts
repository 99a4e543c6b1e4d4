"use server";

import { replayEvent } from "@redress/core/webhooks/replay-event";
import { z } from "zod";
import { action } from "../../../src/access/action.ts";

/** Handles an event again that failed for good. */
export const replay = action(
  {
    permission: "connections.manage",
    owner: { event: (input) => input.eventId },
    input: z.object({ eventId: z.string() }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    await replayEvent(dependencies, { eventId: input.eventId, actor, correlationId });
    return { replayed: true };
  },
);
