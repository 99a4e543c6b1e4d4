import { reportAccess } from "@redress/core/purchases/report-access";
import { appRoute } from "../../../../../../src/access/app-route.ts";

/** An app tells what became of a notification: access was revoked or given back, or it declines to. */
export const POST = appRoute(async ({ dependencies, appId, body, correlationId }) => {
  const { status } = await reportAccess(dependencies, { appId, body, correlationId });
  return { status };
});
