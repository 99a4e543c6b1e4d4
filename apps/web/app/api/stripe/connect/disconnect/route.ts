import { disconnectApp } from "@redress/core/connect/disconnect";
import { z } from "zod";
import { route } from "../../../../../src/access/route.ts";

/** `{ appSlug, despiteRefunds? }`: gives the account back at Stripe and clears the link. */
export const POST = route(
  {
    permission: "connections.manage",
    owner: { app: ({ body }) => body.appSlug },
    body: z.object({ appSlug: z.string(), despiteRefunds: z.boolean().default(false) }),
  },
  async ({ dependencies, operator, body, correlationId }) => ({
    app: await disconnectApp(dependencies, {
      ...body,
      actor: { kind: "operator", id: operator.id },
      correlationId,
    }),
  }),
);
