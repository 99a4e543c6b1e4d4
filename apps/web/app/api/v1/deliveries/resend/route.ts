import { countResendable, resendWindow } from "@redress/core/notifications/resend-window";
import { route } from "../../../../../src/access/route.ts";
import { resendBody } from "../../../../../src/rest/deliveries-input.ts";

/** Sends the next hundred messages of a window again: the same call goes on until `done`. With `dryRun` it counts. */
export const POST = route(
  { permission: "apps.manage", owner: "apps", body: resendBody, status: 202 },
  async ({ dependencies, operator, scope, correlationId, body: { dryRun, ...filter } }) => {
    const window = { ...filter, appIds: scope };
    const actor = { kind: "operator", id: operator.id } as const;
    return dryRun
      ? countResendable(dependencies, { window })
      : resendWindow(dependencies, { window, actor, correlationId });
  },
);
