import { finishConnect } from "@redress/core/connect/finish-connect";
import { z } from "zod";
import { redirectTo, route } from "../../../../../src/access/route.ts";
import { afterConnectError } from "../../../../../src/rest/after-connect-error.ts";

const text = z.string().max(2000).optional();

/** Where Stripe sends the browser back to. Whose app it is about stands in the state, which core compares first. */
export const GET = route(
  {
    permission: "connections.manage",
    owner: "apps",
    query: z.object({ state: text, code: text, error: text, error_description: text, scope: text }),
    visited: afterConnectError,
  },
  async ({ dependencies, operator, scope, query }) => {
    const { id: operatorId, sessionToken } = operator;
    const { location } = await finishConnect(dependencies, {
      query,
      operatorId,
      sessionToken,
      appIds: scope,
    });
    return redirectTo(dependencies, location);
  },
);
