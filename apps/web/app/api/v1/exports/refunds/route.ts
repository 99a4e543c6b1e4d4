import { exportRefunds } from "@redress/core/accounting/export-refunds";
import { route } from "../../../../../src/access/route.ts";
import { csvResponse } from "../../../../../src/http/csv-response.ts";
import { exportFilterOf } from "../../../../../src/reads/export-filter.ts";
import { refundExportQuery } from "../../../../../src/rest/export-input.ts";

/** What refunds moved in the books, as CSV, of the apps whose refunds the person may read, sent piece by piece. */
export const GET = route(
  { permission: "refunds.read", owner: "apps", query: refundExportQuery },
  async ({ dependencies, scope, query, correlationId }) => {
    const filter = await exportFilterOf(dependencies, scope, query);
    const name = ["redress-refunds", query.app, query.month, query.currency].filter(Boolean).join("-");
    return csvResponse(exportRefunds(dependencies, filter), { name, correlationId });
  },
);
