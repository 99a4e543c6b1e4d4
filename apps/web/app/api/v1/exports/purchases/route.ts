import { exportPurchases } from "@redress/core/purchases/export-purchases";
import { readSearchTerms } from "@redress/core/purchases/search-terms";
import { route } from "../../../../../src/access/route.ts";
import { csvResponse } from "../../../../../src/http/csv-response.ts";
import { appIdsOf } from "../../../../../src/reads/export-filter.ts";
import { purchaseExportQuery } from "../../../../../src/rest/export-input.ts";

/** Purchases as CSV, as the page of purchases finds them, of the apps that the person may read, sent piece by piece. */
export const GET = route(
  { permission: "purchases.read", owner: "apps", query: purchaseExportQuery },
  async ({ dependencies, scope, query: { query, app }, correlationId }) => {
    const appIds = await appIdsOf(dependencies, scope, app);
    // What cannot be read is refused before the first piece is sent.
    const pieces = exportPurchases(dependencies, { appIds, terms: readSearchTerms(query ?? "") });
    const name = ["redress-purchases", app].filter(Boolean).join("-");
    return csvResponse(pieces, { name, correlationId });
  },
);
