import { getApp } from "@redress/core/apps/get-app";
import { sendPing } from "@redress/core/notifications/send-ping";
import { route } from "../../../../../../src/access/route.ts";
import { slugParams } from "../../../../../../src/rest/input.ts";

/** Sends the app's address a signed message about nothing, and answers what it answered. */
export const POST = route(
  {
    permission: "apps.manage",
    owner: { app: ({ params }) => params.slug },
    params: slugParams,
  },
  async ({ dependencies, operator, params, correlationId }) => {
    const { id: appId } = await getApp(dependencies, params);
    const actor = { kind: "operator", id: operator.id } as const;
    return { ping: await sendPing(dependencies, { appId, actor, correlationId }) };
  },
);
