import { exportRefunds } from "@redress/core/accounting/export-refunds";
import { route } from "../../../../../src/access/route.ts";
import { streamText } from "../../../../../src/http/stream-text.ts";
import { exportFilterOf } from "../../../../../src/reads/export-filter.ts";
import { refundExportQuery } from "../../../../../src/rest/export-input.ts";

/** What refunds moved in the books, as CSV, of the apps whose refunds the person may read, sent piece by piece. */
export const GET = route(
  { permission: "refunds.read", owner: "apps", query: refundExportQuery },
  async ({ dependencies, scope, query, correlationId }) => {
    const filter = await exportFilterOf(dependencies, scope, query);
    const name = ["redress-refunds", query.app, query.month, query.currency].filter(Boolean).join("-");
    return streamText(exportRefunds(dependencies, filter), {
      "Content-Type": "text/csv; charset=utf-8; header=present",
      "Content-Disposition": `attachment; filename="${name}.csv"`,
      "Cache-Control": "no-store",
      "X-Correlation-Id": correlationId,
    });
  },
);
