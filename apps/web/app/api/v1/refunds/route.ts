import { listRefunds } from "@redress/core/refunds/list-refunds";
import { callerRoute } from "../../../../src/access/route.ts";
import { listQuery, refundBody } from "../../../../src/rest/input.ts";
import { requestAsCaller } from "../../../../src/rest/request-as-caller.ts";
import { statusesQuery } from "../../../../src/rest/statuses.ts";

export const GET = callerRoute(
  { permission: "refunds.read", owner: "apps", query: listQuery.extend({ status: statusesQuery }) },
  async ({ dependencies, scope, query }) =>
    listRefunds(dependencies, {
      appIds: scope,
      statuses: query.status,
      cursor: query.cursor,
      limit: query.limit,
    }),
);

/** The header `Idempotency-Key` makes a repeated request answer the first one's refund. */
export const POST = callerRoute(
  {
    permission: "refunds.request",
    owner: { purchase: ({ body }) => body.purchaseId },
    body: refundBody,
    status: 201,
  },
  async ({ dependencies, requester, body, headers, correlationId }) => ({
    refund: await requestAsCaller(dependencies, {
      ...body,
      requester,
      requestKey: headers.get("idempotency-key") ?? undefined,
      correlationId,
    }),
  }),
);
