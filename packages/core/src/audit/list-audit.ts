import { auditLogs } from "@redress/database";
import { and, desc, lt } from "drizzle-orm";
import { z } from "zod";
import type { Dependencies } from "../dependencies.ts";
import { parseInput } from "../parse-input.ts";
import { type AuditFilter, auditCondition } from "./filter-audit.ts";

export type AuditLogEntry = typeof auditLogs.$inferSelect;

const cursorSchema = z.object({
  cursor: z.coerce.number("is not one that this list gave out").int().positive(),
});

/**
 * The log, newest first, as far as the filter lets through.
 *
 * @param input.appIds entries about no app (operators, for one) are shown only for `all`
 * @param input.cursor `nextCursor` of the page before
 * @param input.limit at most 200; 100 unless told
 * @throws RedressError `invalid_input` for a cursor that is none
 */
export async function listAudit(
  { database }: Pick<Dependencies, "database">,
  input: AuditFilter & { cursor?: string; limit?: number },
): Promise<{ entries: AuditLogEntry[]; nextCursor: string | null }> {
  const limit = Math.min(Math.max(input.limit ?? 100, 1), 200);
  const before = input.cursor === undefined ? null : parseInput(cursorSchema, input).cursor;
  const rows = await database
    .select()
    .from(auditLogs)
    .where(and(auditCondition(input), before === null ? undefined : lt(auditLogs.id, before)))
    .orderBy(desc(auditLogs.id))
    .limit(limit + 1);
  const entries = rows.slice(0, limit);
  const last = rows.length > limit ? entries.at(-1) : undefined;
  return { entries, nextCursor: last ? String(last.id) : null };
}
