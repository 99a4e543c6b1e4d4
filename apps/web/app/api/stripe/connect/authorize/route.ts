import { startConnect } from "@redress/core/connect/start-connect";
import { z } from "zod";
import { redirectTo, route } from "../../../../../src/access/route.ts";
import { afterAuthorizeError } from "../../../../../src/rest/after-connect-error.ts";

/** `?appSlug=…` sends a signed-in admin to Stripe's consent page. */
export const GET = route(
  {
    permission: "connections.manage",
    owner: { app: ({ query }) => query.appSlug },
    query: z.object({ appSlug: z.string() }),
    visited: afterAuthorizeError,
  },
  async ({ dependencies, operator, query }) => {
    const { id: operatorId, sessionToken } = operator;
    const { url } = await startConnect(dependencies, { appSlug: query.appSlug, operatorId, sessionToken });
    return redirectTo(dependencies, url);
  },
);
