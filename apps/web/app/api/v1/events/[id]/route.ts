import { showEvent } from "@redress/core/webhooks/show-event";
import { z } from "zod";
import { route } from "../../../../../src/access/route.ts";
import { wordQuery } from "../../../../../src/rest/events-input.ts";
import { idParams } from "../../../../../src/rest/input.ts";

/** One event with all that it led to; its body, which holds personal data, only with `payload=true`. */
export const GET = route(
  {
    permission: "audit.read",
    owner: { event: ({ params }) => params.id },
    params: idParams,
    query: z.object({ payload: wordQuery }),
  },
  async ({ dependencies, params, query, scope }) => ({
    event: await showEvent(dependencies, { eventId: params.id, appIds: scope, payload: query.payload }),
  }),
);
