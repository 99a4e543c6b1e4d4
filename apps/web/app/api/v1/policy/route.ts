import { getPolicy, setPolicy } from "@redress/core/policy/set-policy";
import { route } from "../../../../src/access/route.ts";
import { policyBody } from "../../../../src/rest/input.ts";

/** The desk's own policy: in force for apps that have none. */
export const GET = route({ permission: "apps.read", owner: "apps" }, async ({ dependencies }) =>
  getPolicy(dependencies, "desk"),
);

export const PUT = route(
  { permission: "apps.manage", owner: "desk", body: policyBody },
  async ({ dependencies, operator, body, correlationId }) =>
    setPolicy(dependencies, {
      ...body,
      owner: "desk",
      actor: { kind: "operator", id: operator.id },
      correlationId,
    }),
);
