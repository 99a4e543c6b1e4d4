import type { Logger } from "@redress/core/dependencies";
import { readAuditCommand, readVerifyAlone } from "./audit/read-command.ts";
import type { Command } from "./command.ts";
import { readCustomersCommand } from "./customers/read-command.ts";
import { readDeliveriesCommand } from "./deliveries/read-command.ts";
import { readEventsCommand } from "./events/read-command.ts";
import { readExportCommand } from "./export/read-command.ts";
import { readImportOptions } from "./import-options.ts";
import { readAfterRestore, readReconcileOptions } from "./reconcile-options.ts";
import type { Remote } from "./remote/remote-command.ts";
import { readSecretsCommand } from "./secrets/read-command.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs a command that works on the desk's own database, with the configuration that a server has. The packed command line
 * has `elsewhere.ts` in its place.
 *
 * @returns the exit code
 * @throws UsageError
 */
export async function onDatabase(
  name: string,
  words: readonly string[],
  { environment, terminal, stopping }: Remote,
): Promise<number> {
  const alone = name === "audit" ? readVerifyAlone(words, environment) : null;
  if (alone !== null) return alone(terminal);
  const command = readLocal(name, words);
  const { openDesk } = await import("./open-desk.ts");
  const desk = await openDesk(environment, createLogger(terminal));
  try {
    return await command({ dependencies: desk.dependencies, terminal, stopping });
  } finally {
    await desk.close();
  }
}

/** The commands that work on the desk's own database; of purchases, only their import. */
function readLocal(name: string, words: readonly string[]): Command {
  if (name === "purchases") return readImport(words.slice(1));
  if (name === "events") return readEventsCommand(words, new Date());
  if (name === "deliveries") return readDeliveriesCommand(words, new Date());
  if (name === "customers") return readCustomersCommand(words);
  if (name === "export") return readExportCommand(words);
  if (name === "secrets") return readSecretsCommand(words);
  return name === "audit" ? readAuditCommand(words, new Date()) : readReconcile(words);
}

function readImport(words: readonly string[]): Command {
  const options = readImportOptions(words);
  return async (desk) => (await import("./import-purchases.ts")).importPurchases(desk, options);
}

function readReconcile(words: readonly string[]): Command {
  const restored = readAfterRestore(words, new Date());
  if (restored !== null) {
    return async (desk) => (await import("./after-restore.ts")).afterRestore(desk, restored);
  }
  const options = readReconcileOptions(words, new Date());
  return async ({ dependencies, terminal, stopping }) => {
    const { reconcile } = await import("./reconcile.ts");
    return reconcile(dependencies, options, terminal, stopping);
  };
}

/** At the command line only what somebody has to know. */
function createLogger({ err }: Terminal): Logger {
  const nothing = () => {};
  const error = (facts: object, sentence: string) => {
    const alert = "alert" in facts ? `${String(facts.alert)}: ` : "";
    err.write(`! ${alert}${sentence}\n`);
  };
  return { debug: nothing, info: nothing, warn: nothing, error };
}
