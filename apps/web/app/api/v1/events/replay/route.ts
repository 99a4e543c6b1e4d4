import { countWindow, replayWindow } from "@redress/core/webhooks/replay-window";
import { z } from "zod";
import { route } from "../../../../../src/access/route.ts";
import { eventWindow } from "../../../../../src/rest/events-input.ts";

const body = eventWindow.extend({ dryRun: z.boolean().default(false) });

/**
 * Has the next hundred events of a window handled again: the same call goes on until `done`. With `dryRun` it
 * only counts.
 */
export const POST = route(
  { permission: "connections.manage", owner: "apps", body, status: 202 },
  async ({ dependencies, operator, scope, body: { dryRun, ...filter } }) => {
    const window = { ...filter, appIds: scope };
    const input = { window, actor: { kind: "operator", id: operator.id } } as const;
    return dryRun ? countWindow(dependencies, input) : replayWindow(dependencies, input);
  },
);
