import { createKey } from "@redress/core/keys/create-key";
import { newKeySchema } from "@redress/core/keys/key-input";
import { listKeys } from "@redress/core/keys/key-view";
import { route } from "../../../../src/access/route.ts";

export const GET = route({ permission: "keys.manage", owner: "desk" }, async ({ dependencies }) => ({
  keys: await listKeys(dependencies),
}));

/** A key of one's own for a program. Its secret is answered once. */
export const POST = route(
  { permission: "keys.manage", owner: "desk", body: newKeySchema, status: 201 },
  async ({ dependencies, operator, body, correlationId }) =>
    createKey(dependencies, { ...body, ownerId: operator.id, correlationId }),
);
