import { searchPurchases } from "@redress/core/purchases/search-purchases";
import { z } from "zod";
import { callerRoute } from "../../../../src/access/route.ts";
import { leanFoundPurchase, viewFor } from "../../../../src/rest/agent-view.ts";
import { listQuery } from "../../../../src/rest/input.ts";

const searchQuery = listQuery.extend({
  query: z.string().max(200).optional(),
  /** Slug of an app. */
  app: z.string().max(63).optional(),
});

export const GET = callerRoute(
  { permission: "purchases.read", owner: "apps", query: searchQuery },
  async ({ dependencies, requester, scope, query: { query, app, cursor, limit } }) => {
    const { purchases, nextCursor } = await searchPurchases(dependencies, {
      appIds: scope,
      query: [query, app && `app:${app}`].filter(Boolean).join(" "),
      cursor,
      limit,
    });
    return { purchases: purchases.map((one) => viewFor(requester, one, leanFoundPurchase)), nextCursor };
  },
);
