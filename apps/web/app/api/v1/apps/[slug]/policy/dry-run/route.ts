import { dryRunPolicy } from "@redress/core/policy/dry-run";
import { route } from "../../../../../../../src/access/route.ts";
import { dryRunBody, slugParams } from "../../../../../../../src/rest/input.ts";

/** What a draft would have said of the app's newest requests. Writes nothing. */
export const POST = route(
  {
    permission: "apps.manage",
    owner: { app: ({ params }) => params.slug },
    params: slugParams,
    body: dryRunBody,
  },
  async ({ dependencies, params, body }) => dryRunPolicy(dependencies, { ...params, ...body }),
);
