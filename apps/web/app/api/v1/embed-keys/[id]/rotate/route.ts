import { embedRotationSchema } from "@redress/core/embed/embed-key-input";
import { rotateEmbedKey } from "@redress/core/embed/rotate-embed-key";
import { route } from "../../../../../../src/access/route.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

/** A new secret for a helpdesk's key, answered once. The one before it is believed for a day, unless it is ended. */
export const POST = route(
  {
    permission: "keys.manage",
    owner: "desk",
    params: idParams,
    body: embedRotationSchema,
    status: 201,
  },
  async ({ dependencies, operator, params, body, correlationId }) =>
    rotateEmbedKey(dependencies, { keyId: params.id, ...body, operatorId: operator.id, correlationId }),
);
