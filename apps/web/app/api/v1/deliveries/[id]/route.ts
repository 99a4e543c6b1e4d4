import { getDelivery } from "@redress/core/notifications/get-delivery";
import { route } from "../../../../../src/access/route.ts";
import { idParams } from "../../../../../src/rest/input.ts";

/** One message to an app, with its body and all attempts. */
export const GET = route(
  { permission: "audit.read", owner: { notification: ({ params }) => params.id }, params: idParams },
  async ({ dependencies, params }) => ({
    delivery: await getDelivery(dependencies, { notificationId: params.id }),
  }),
);
