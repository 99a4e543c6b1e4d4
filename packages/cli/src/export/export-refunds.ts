import { exportRefunds } from "@redress/core/accounting/export-refunds";
import { getApp } from "@redress/core/apps/get-app";
import type { Desk } from "../command.ts";
import { checkingInput } from "../events/usage-of.ts";
import { written } from "../written.ts";

/** `export refunds`: CSV to standard output, oldest first. */
export async function writeRefunds(
  { dependencies, terminal, stopping }: Desk,
  { app, ...filter }: { app?: string | undefined; month?: string | undefined; currency?: string | undefined },
): Promise<number> {
  const appIds =
    app === undefined
      ? "all"
      : [(await checkingInput(dependencies, () => getApp(dependencies, { slug: app }))).id];
  for await (const piece of exportRefunds(dependencies, { ...filter, appIds })) {
    await written(terminal.out, piece);
    if (stopping.aborted) {
      terminal.err.write("Stopped: what was written is only a part of the refunds.\n");
      return 130;
    }
  }
  return 0;
}
