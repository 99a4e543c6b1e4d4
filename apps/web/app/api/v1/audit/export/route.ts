import { exportAudit } from "@redress/core/audit/export-audit";
import { route } from "../../../../../src/access/route.ts";
import { streamText } from "../../../../../src/http/stream-text.ts";
import { auditFilterOf } from "../../../../../src/reads/audit-filter.ts";
import { auditExportQuery } from "../../../../../src/rest/audit-input.ts";

const types = { csv: "text/csv; charset=utf-8; header=present", jsonl: "application/x-ndjson" } as const;

/** The log as a file, of the apps whose log the person may read, sent piece by piece. */
export const GET = route(
  { permission: "audit.read", owner: "apps", query: auditExportQuery },
  async ({ dependencies, scope, query: { format, ...query }, correlationId }) => {
    const filter = await auditFilterOf(dependencies, scope, query);
    const day = dependencies.clock.now().toISOString().slice(0, 10);
    return streamText(exportAudit(dependencies, { ...filter, format }), {
      "Content-Type": types[format],
      "Content-Disposition": `attachment; filename="redress-audit-${day}.${format}"`,
      "Cache-Control": "no-store",
      "X-Correlation-Id": correlationId,
    });
  },
);
