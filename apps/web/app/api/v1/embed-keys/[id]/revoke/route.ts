import { revokeEmbedKey } from "@redress/core/embed/rotate-embed-key";
import { route } from "../../../../../../src/access/route.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

/** Ends a helpdesk's key at once: its panel shows nothing any more. */
export const POST = route(
  { permission: "keys.manage", owner: "desk", params: idParams },
  async ({ dependencies, operator, params, correlationId }) => ({
    key: await revokeEmbedKey(dependencies, { keyId: params.id, operatorId: operator.id, correlationId }),
  }),
);
