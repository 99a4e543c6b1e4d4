import { verifyAudit } from "@redress/core/audit/verify-audit";
import { z } from "zod";
import { route } from "../../../../../src/access/route.ts";

const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "must be a month such as 2026-11")
  .exactOptional();

/** Recomputes the hash chain of the log, or of one month. Anchors are for `redress audit verify`, beside them. */
export const GET = route(
  { permission: "audit.read", owner: "desk", query: z.object({ month }) },
  async ({ dependencies, query }) => verifyAudit(dependencies, query),
);
