import { listAudit } from "@redress/core/audit/list-audit";
import { z } from "zod";
import { route } from "../../../../src/access/route.ts";
import { listQuery } from "../../../../src/rest/input.ts";

const id = z.string().max(100).exactOptional();

export const GET = route(
  { permission: "audit.read", owner: "apps", query: listQuery.extend({ refundId: id, purchaseId: id }) },
  async ({ dependencies, scope, query }) => listAudit(dependencies, { ...query, appIds: scope }),
);
