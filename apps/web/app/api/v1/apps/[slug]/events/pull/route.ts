import { route } from "../../../../../../../src/access/route.ts";
import { pullBody } from "../../../../../../../src/rest/events-input.ts";
import { slugParams } from "../../../../../../../src/rest/input.ts";
import { pullPages } from "../../../../../../../src/rest/pull-pages.ts";

/** Takes in what no webhook told, from Stripe's list; with `nextCursor` the same call goes on. */
export const POST = route(
  {
    permission: "connections.manage",
    owner: { app: ({ params }) => params.slug },
    params: slugParams,
    body: pullBody,
  },
  async ({ dependencies, params, body }) => pullPages(dependencies, { app: params.slug, ...body }),
);
