import { disconnectApp } from "@redress/core/connect/disconnect";
import { z } from "zod";
import { route } from "../../../../../src/access/route.ts";

/** `{ appSlug }`: gives the account back at Stripe and clears the link. */
export const POST = route(
  {
    permission: "connections.manage",
    owner: { app: ({ body }) => body.appSlug },
    body: z.object({ appSlug: z.string() }),
  },
  async ({ dependencies, operator, body, correlationId }) => ({
    app: await disconnectApp(dependencies, {
      appSlug: body.appSlug,
      actor: { kind: "operator", id: operator.id },
      correlationId,
    }),
  }),
);
