import { auditAddresses, auditLogs } from "@redress/database";
import { and, asc, eq, getTableColumns, gt, lte, max } from "drizzle-orm";
import { csvCell } from "../csv-cell.ts";
import type { Dependencies } from "../dependencies.ts";
import { type AuditFilter, auditCondition } from "./filter-audit.ts";
import type { AuditLogEntry } from "./list-audit.ts";

export const exportFormats = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof exportFormats)[number];

const pageSize = 1_000;

const columns = [
  "id",
  "at",
  "actorKind",
  "actorId",
  "action",
  "appId",
  "purchaseId",
  "refundId",
  "correlationId",
  "before",
  "after",
  "details",
  "addressHash",
  "address",
] as const;

type ExportedRow = AuditLogEntry & { readonly address: string | null };

/**
 * The log as text, oldest first, in pieces of a thousand entries, so that memory stays flat however long it is.
 * What is written while it runs is not in it. Callers' addresses in clear are in it only for who may read of all
 * apps, and as long as they are kept.
 *
 * @param input.format `csv` (RFC 4180, with a head line; cells that a spreadsheet would take for a formula begin
 *   with an apostrophe), or `jsonl` (one JSON object a line)
 */
export async function* exportAudit(
  { database }: Pick<Dependencies, "database">,
  input: AuditFilter & { readonly format: ExportFormat },
): AsyncGenerator<string, void, undefined> {
  const lineOf = input.format === "csv" ? csvLine : jsonLine;
  if (input.format === "csv") yield `${columns.join(",")}\r\n`;
  const showsAddress = (input.appIds ?? "all") === "all";
  const [newest] = await database.select({ id: max(auditLogs.id) }).from(auditLogs);
  const condition = and(auditCondition(input), lte(auditLogs.id, newest?.id ?? 0));
  for (let after = 0; ; ) {
    const rows = await database
      .select({ ...getTableColumns(auditLogs), address: auditAddresses.address })
      .from(auditLogs)
      .leftJoin(auditAddresses, eq(auditAddresses.hash, auditLogs.addressHash))
      .where(and(condition, gt(auditLogs.id, after)))
      .orderBy(asc(auditLogs.id))
      .limit(pageSize);
    const last = rows.at(-1);
    if (last) yield rows.map((row) => lineOf(showsAddress ? row : { ...row, address: null })).join("");
    if (!last || rows.length < pageSize) return;
    after = last.id;
  }
}

const jsonLine = (row: ExportedRow): string =>
  `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column]])))}\n`;

const csvLine = (row: ExportedRow): string =>
  `${columns.map((column) => csvCell(row[column])).join(",")}\r\n`;
