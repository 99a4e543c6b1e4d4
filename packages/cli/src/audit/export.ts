import { getApp } from "@redress/core/apps/get-app";
import { type ExportFormat, exportAudit } from "@redress/core/audit/export-audit";
import type { AuditFilter } from "@redress/core/audit/filter-audit";
import type { Desk } from "../command.ts";
import { checkingInput } from "../events/usage-of.ts";

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
    await taken(terminal.out, piece);
    if (stopping.aborted) {
      terminal.err.write("Stopped: what was written is only a part of the log.\n");
      return 130;
    }
  }
  return 0;
}

/** Waits for a slow reader, such as a pipe, so that memory stays flat. */
async function taken(out: Desk["terminal"]["out"], piece: string): Promise<void> {
  const isTaken = out.write(piece);
  if (isTaken === false && out === process.stdout) {
    await new Promise((resolve) => process.stdout.once("drain", resolve));
  }
}
