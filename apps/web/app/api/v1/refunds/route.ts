import { listRefunds } from "@redress/core/refunds/list-refunds";
import { route } from "../../../../src/access/route.ts";
import { listQuery, refundBody } from "../../../../src/rest/input.ts";
import { requestAsOperator } from "../../../../src/rest/request-as-operator.ts";
import { statusesQuery } from "../../../../src/rest/statuses.ts";

export const GET = route(
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
export const POST = route(
  {
    permission: "refunds.request",
    owner: { purchase: ({ body }) => body.purchaseId },
    body: refundBody,
    status: 201,
  },
  async ({ dependencies, operator, body, headers, correlationId }) => ({
    refund: await requestAsOperator(dependencies, {
      ...body,
      operatorId: operator.id,
      requestKey: headers.get("idempotency-key") ?? undefined,
      correlationId,
    }),
  }),
);
