import { readAppRow } from "@redress/core/apps/get-app";
import { getBulk, listBulks } from "@redress/core/bulk/bulk-view";
import { requestBulk } from "@redress/core/bulk/request-bulk";
import { callerRoute } from "../../../../src/access/route.ts";
import { viewFor } from "../../../../src/rest/agent-view.ts";
import { bulkBody, bulkBodyLimit, bulkListQuery, sourceOf } from "../../../../src/rest/bulk-input.ts";
import { leanBulk } from "../../../../src/rest/bulk-view.ts";
import { requestKeyOf } from "../../../../src/rest/request-key.ts";

export const GET = callerRoute(
  { permission: "refunds.read", owner: "apps", query: bulkListQuery },
  async ({ dependencies, requester, scope, query }) => {
    const { bulkRefunds, nextCursor } = await listBulks(dependencies, {
      ...{ appIds: scope, statuses: query.status, cursor: query.cursor, limit: query.limit },
    });
    return { bulkRefunds: bulkRefunds.map((one) => viewFor(requester, one, leanBulk)), nextCursor };
  },
);

/** The header `Idempotency-Key` makes a repeated request answer the first one's list. */
export const POST = callerRoute(
  {
    permission: "refunds.request",
    owner: { app: ({ body }) => body.app },
    body: bulkBody,
    bodyLimit: bulkBodyLimit,
    status: 201,
  },
  async ({ dependencies, requester, body, headers, correlationId }) => {
    const { id: appId } = await readAppRow(dependencies.database, body.app);
    const { bulkRefundId, repeated } = await requestBulk(dependencies, {
      ...{ appId, source: sourceOf(body), reason: body.reason, note: body.note },
      ...{ requester, requestKey: requestKeyOf(headers), correlationId },
    });
    const bulkRefund = viewFor(requester, await getBulk(dependencies, { bulkRefundId }), leanBulk);
    return { bulkRefund, ...(repeated ? { repeated } : {}) };
  },
);
