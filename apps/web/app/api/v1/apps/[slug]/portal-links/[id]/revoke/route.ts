import { revokePortalLink } from "@redress/core/portal/revoke-link";
import { z } from "zod";
import { route } from "../../../../../../../../src/access/route.ts";
import { slugParams } from "../../../../../../../../src/rest/input.ts";

/** Ends a link of the app's at once. */
export const POST = route(
  {
    permission: "apps.manage",
    owner: { app: ({ params }) => params.slug },
    params: slugParams.extend({ id: z.string() }),
  },
  async ({ dependencies, operator, params, correlationId }) => ({
    link: await revokePortalLink(dependencies, {
      slug: params.slug,
      linkId: params.id,
      operatorId: operator.id,
      correlationId,
    }),
  }),
);
