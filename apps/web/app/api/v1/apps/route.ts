import { appSettingsSchema, slugSchema } from "@redress/core/apps/app-input";
import { createApp } from "@redress/core/apps/create-app";
import { listApps } from "@redress/core/apps/list-apps";
import { route } from "../../../../src/access/route.ts";

export const GET = route({ permission: "apps.read", owner: "apps" }, async ({ dependencies, scope }) => ({
  apps: await listApps(dependencies, { appIds: scope }),
}));

/** Answers the notification secret, which is not shown again. */
export const POST = route(
  {
    permission: "apps.manage",
    owner: "desk",
    body: appSettingsSchema.partial().required({ name: true }).extend({ slug: slugSchema }),
    status: 201,
  },
  async ({ dependencies, operator, body, correlationId }) =>
    createApp(dependencies, { ...body, actor: { kind: "operator", id: operator.id }, correlationId }),
);
