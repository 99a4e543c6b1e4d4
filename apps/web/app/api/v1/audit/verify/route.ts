import { verifyAudit } from "@redress/core/audit/verify-audit";
import { route } from "../../../../../src/access/route.ts";

/** Recomputes the whole hash chain of the log. */
export const GET = route({ permission: "audit.read", owner: "desk" }, async ({ dependencies }) =>
  verifyAudit(dependencies),
);
