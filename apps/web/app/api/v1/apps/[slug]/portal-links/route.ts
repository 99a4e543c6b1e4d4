import { createPortalLink } from "@redress/core/portal/create-link";
import { newLinkSchema } from "@redress/core/portal/link-input";
import { listPortalLinks } from "@redress/core/portal/link-view";
import { route } from "../../../../../../src/access/route.ts";
import { slugParams } from "../../../../../../src/rest/input.ts";

/** The links of the app's developers, ended ones too, newest first. */
export const GET = route(
  { permission: "apps.manage", owner: { app: ({ params }) => params.slug }, params: slugParams },
  async ({ dependencies, params }) => ({ links: await listPortalLinks(dependencies, params) }),
);

/** A link for the app's developer. Its address is answered once. */
export const POST = route(
  {
    permission: "apps.manage",
    owner: { app: ({ params }) => params.slug },
    params: slugParams,
    body: newLinkSchema,
    status: 201,
  },
  async ({ dependencies, operator, params, body, correlationId }) =>
    createPortalLink(dependencies, { ...params, ...body, operatorId: operator.id, correlationId }),
);
