import { listItems } from "@redress/core/bulk/list-items";
import { route } from "../../../../../../src/access/route.ts";
import { bulkItemsQuery } from "../../../../../../src/rest/bulk-input.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

export const GET = route(
  {
    permission: "refunds.read",
    owner: { bulkRefund: ({ params }) => params.id },
    params: idParams,
    query: bulkItemsQuery,
  },
  async ({ dependencies, params, query: { status: statuses, after, limit } }) =>
    listItems(dependencies, { bulkRefundId: params.id, statuses, after, limit }),
);
