import { keyWebhookSchema } from "@redress/core/keys/key-input";
import { setKeyWebhook } from "@redress/core/keys/set-key-webhook";
import { route } from "../../../../../../src/access/route.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

/** Where one's own key's program is told of its refunds; the secret that signs is answered once. */
export const POST = route(
  { permission: "keys.manage", owner: "desk", params: idParams, body: keyWebhookSchema },
  async ({ dependencies, operator, params, body, correlationId }) =>
    setKeyWebhook(dependencies, {
      keyId: params.id,
      operatorId: operator.id,
      url: body.url,
      correlationId,
    }),
);
