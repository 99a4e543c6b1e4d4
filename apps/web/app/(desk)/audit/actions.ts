"use server";

import { verifyAudit } from "@redress/core/audit/verify-audit";
import { z } from "zod";
import { action } from "../../../src/access/action.ts";

/** Recomputes the whole hash chain of the log. */
export const verify = action(
  { permission: "audit.read", owner: "desk", input: z.object({}) },
  async ({ dependencies }) => verifyAudit(dependencies),
);
