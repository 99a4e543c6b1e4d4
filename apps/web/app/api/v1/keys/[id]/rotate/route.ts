import { rotationSchema } from "@redress/core/keys/key-input";
import { rotateKey } from "@redress/core/keys/rotate-key";
import { route } from "../../../../../../src/access/route.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

/** A new secret for one's own key, answered once; the old one works on until the time given. */
export const POST = route(
  { permission: "keys.manage", owner: "desk", params: idParams, body: rotationSchema, status: 201 },
  async ({ dependencies, operator, params, body, correlationId }) =>
    rotateKey(dependencies, {
      keyId: params.id,
      operatorId: operator.id,
      oldWorksUntil: body.oldWorksUntil,
      correlationId,
    }),
);
