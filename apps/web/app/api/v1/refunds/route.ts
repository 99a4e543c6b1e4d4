import { listRefunds } from "@redress/core/refunds/list-refunds";
import { callerRoute } from "../../../../src/access/route.ts";
import { leanRefund, viewFor } from "../../../../src/rest/agent-view.ts";
import { listQuery, refundBody } from "../../../../src/rest/input.ts";
import { requestAsCaller } from "../../../../src/rest/request-as-caller.ts";
import { requestKeyOf } from "../../../../src/rest/request-key.ts";
import { statusesQuery } from "../../../../src/rest/statuses.ts";

export const GET = callerRoute(
  { permission: "refunds.read", owner: "apps", query: listQuery.extend({ status: statusesQuery }) },
  async ({ dependencies, requester, scope, query }) => {
    const { refunds, nextCursor } = await listRefunds(dependencies, {
      appIds: scope,
      statuses: query.status,
      cursor: query.cursor,
      limit: query.limit,
    });
    const lean = (one: (typeof refunds)[number]) => leanRefund(dependencies, one);
    return { refunds: refunds.map((one) => viewFor(requester, one, lean)), nextCursor };
  },
);

/** The header `Idempotency-Key` makes a repeated request answer the first one's refund. */
export const POST = callerRoute(
  {
    permission: "refunds.request",
    owner: { purchase: ({ body }) => body.purchaseId },
    body: refundBody,
    status: 201,
  },
  async ({ dependencies, requester, body, headers, correlationId }) => {
    const { refund, repeated } = await requestAsCaller(dependencies, {
      ...body,
      requester,
      requestKey: requestKeyOf(headers),
      correlationId,
    });
    const view = viewFor(requester, refund, (one) => leanRefund(dependencies, one));
    return { refund: view, ...(repeated ? { repeated } : {}) };
  },
);
