import { appSettingsSchema } from "@redress/core/apps/app-input";
import { getApp } from "@redress/core/apps/get-app";
import { updateApp } from "@redress/core/apps/update-app";
import { route } from "../../../../../src/access/route.ts";
import { slugParams } from "../../../../../src/rest/input.ts";

export const GET = route(
  { permission: "apps.read", owner: { app: ({ params }) => params.slug }, params: slugParams },
  async ({ dependencies, params }) => ({ app: await getApp(dependencies, params) }),
);

export const PATCH = route(
  {
    permission: "apps.manage",
    owner: { app: ({ params }) => params.slug },
    params: slugParams,
    body: appSettingsSchema.partial(),
  },
  async ({ dependencies, operator, params, body, correlationId }) => ({
    app: await updateApp(dependencies, {
      ...body,
      slug: params.slug,
      actor: { kind: "operator", id: operator.id },
      correlationId,
    }),
  }),
);
