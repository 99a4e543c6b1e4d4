import { exportResult } from "@redress/core/bulk/list-items";
import { route } from "../../../../../../src/access/route.ts";
import { streamText } from "../../../../../../src/http/stream-text.ts";
import { idParams } from "../../../../../../src/rest/input.ts";

/** Every line with what became of it, as a file, sent piece by piece. */
export const GET = route(
  { permission: "refunds.read", owner: { bulkRefund: ({ params }) => params.id }, params: idParams },
  async ({ dependencies, params, correlationId }) =>
    streamText(exportResult(dependencies, { bulkRefundId: params.id }), {
      "Content-Type": "text/csv; charset=utf-8; header=present",
      "Content-Disposition": `attachment; filename="redress-${params.id}.csv"`,
      "Cache-Control": "no-store",
      "X-Correlation-Id": correlationId,
    }),
);
