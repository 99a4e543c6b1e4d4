import { revokeKey } from "@redress/core/keys/revoke-key";
import { route } from "../../../../../../src/access/route.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

/** Ends anybody's key at once. */
export const POST = route(
  { permission: "keys.manage", owner: "desk", params: idParams },
  async ({ dependencies, operator, params, correlationId }) => ({
    key: await revokeKey(dependencies, { keyId: params.id, operatorId: operator.id, correlationId }),
  }),
);
