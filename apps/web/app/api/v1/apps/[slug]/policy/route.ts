import { getPolicy, setPolicy } from "@redress/core/policy/set-policy";
import { route } from "../../../../../../src/access/route.ts";
import { policyBody, slugParams } from "../../../../../../src/rest/input.ts";

/** What judges the app's requests; `followsDesk` when it has no policy of its own. */
export const GET = route(
  { permission: "apps.read", owner: { app: ({ params }) => params.slug }, params: slugParams },
  async ({ dependencies, params }) => getPolicy(dependencies, params),
);

/** A new version; `"policy":null` has the app follow the desk's. */
export const PUT = route(
  {
    permission: "apps.manage",
    owner: { app: ({ params }) => params.slug },
    params: slugParams,
    body: policyBody,
  },
  async ({ dependencies, operator, params, body, correlationId }) =>
    setPolicy(dependencies, {
      ...body,
      owner: params,
      actor: { kind: "operator", id: operator.id },
      correlationId,
    }),
);
