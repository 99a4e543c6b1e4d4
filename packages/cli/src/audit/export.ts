import { getApp } from "@redress/core/apps/get-app";
import { type ExportFormat, exportAudit } from "@redress/core/audit/export-audit";
import type { AuditFilter } from "@redress/core/audit/filter-audit";
import type { Desk } from "../command.ts";
import { checkingInput } from "../events/usage-of.ts";
import { written } from "../written.ts";

/** `audit export`: to standard output, oldest first. */
export async function exportLog(
  { dependencies, terminal, stopping }: Desk,
  {
    app,
    ...filter
  }: Omit<AuditFilter, "appIds"> & { readonly format: ExportFormat; readonly app: string | undefined },
): Promise<number> {
  const appIds =
    app === undefined
      ? "all"
      : [(await checkingInput(dependencies, () => getApp(dependencies, { slug: app }))).id];
  for await (const piece of exportAudit(dependencies, { ...filter, appIds })) {
    await written(terminal.out, piece);
    if (stopping.aborted) {
      terminal.err.write("Stopped: what was written is only a part of the log.\n");
      return 130;
    }
  }
  return 0;
}
