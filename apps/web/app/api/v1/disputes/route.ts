import { listDisputes } from "@redress/core/purchases/list-disputes";
import { z } from "zod";
import { route } from "../../../../src/access/route.ts";
import { listQuery } from "../../../../src/rest/input.ts";

const query = listQuery.extend({
  /** Slug of an app. */
  app: z.string().max(63).optional(),
});

/** Purchases with an open dispute, the one whose evidence is due first before all others. */
export const GET = route(
  { permission: "purchases.read", owner: "apps", query },
  async ({ dependencies, scope, query: { app, cursor, limit } }) =>
    listDisputes(dependencies, { appIds: scope, app, cursor, limit }),
);
