import { releaseRefunds } from "@redress/core/apps/stop-refunds";
import { route } from "../../../../../../src/access/route.ts";
import { slugParams } from "../../../../../../src/rest/input.ts";

/** Lets refunds of the app run again. */
export const POST = route(
  { permission: "apps.manage", owner: { app: ({ params }) => params.slug }, params: slugParams },
  async ({ dependencies, operator, params, correlationId }) => ({
    app: await releaseRefunds(dependencies, {
      ...params,
      actor: { kind: "operator", id: operator.id },
      correlationId,
    }),
  }),
);
