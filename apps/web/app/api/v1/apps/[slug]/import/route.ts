import { getImport, startImport } from "@redress/core/purchases/start-import";
import { route } from "../../../../../../src/access/route.ts";
import { slugParams } from "../../../../../../src/rest/input.ts";

/** How far the newest import of the app's charges has come. */
export const GET = route(
  { permission: "apps.read", owner: { app: ({ params }) => params.slug }, params: slugParams },
  async ({ dependencies, params }) => ({ import: await getImport(dependencies, params) }),
);

/** Takes in the account's history once more; one that runs is answered as it is. */
export const POST = route(
  {
    permission: "connections.manage",
    owner: { app: ({ params }) => params.slug },
    params: slugParams,
    status: 202,
  },
  async ({ dependencies, operator, params, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    const { resumed, ...started } = await startImport(dependencies, { ...params, actor, correlationId });
    return { import: started, resumed };
  },
);
