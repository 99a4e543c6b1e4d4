import { createEmbedKey } from "@redress/core/embed/create-embed-key";
import { newEmbedKeySchema } from "@redress/core/embed/embed-key-input";
import { listEmbedKeys } from "@redress/core/embed/embed-key-view";
import { route } from "../../../../src/access/route.ts";

export const GET = route({ permission: "keys.manage", owner: "desk" }, async ({ dependencies }) => ({
  keys: await listEmbedKeys(dependencies),
}));

/** What a helpdesk signs with. Its secret is answered once. */
export const POST = route(
  { permission: "keys.manage", owner: "desk", body: newEmbedKeySchema, status: 201 },
  async ({ dependencies, operator, body, correlationId }) =>
    createEmbedKey(dependencies, { ...body, operatorId: operator.id, correlationId }),
);
