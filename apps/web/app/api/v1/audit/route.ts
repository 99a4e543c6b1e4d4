import { listAudit } from "@redress/core/audit/list-audit";
import { route } from "../../../../src/access/route.ts";
import { auditFilterOf } from "../../../../src/reads/audit-filter.ts";
import { auditQuery } from "../../../../src/rest/audit-input.ts";
import { listQuery } from "../../../../src/rest/input.ts";

export const GET = route(
  { permission: "audit.read", owner: "apps", query: listQuery.extend(auditQuery.shape) },
  async ({ dependencies, scope, query: { cursor, limit, ...query } }) =>
    listAudit(dependencies, {
      ...(await auditFilterOf(dependencies, scope, query)),
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    }),
);
