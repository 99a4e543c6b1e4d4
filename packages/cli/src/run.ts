import type { Logger } from "@redress/core/dependencies";
import { readAuditCommand, readVerifyAlone } from "./audit/read-command.ts";
import { auditHelp } from "./audit-help.ts";
import type { Command } from "./command.ts";
import { readDeliveriesCommand } from "./deliveries/read-command.ts";
import { deliveriesHelp } from "./deliveries-help.ts";
import { errorDocument } from "./error-document.ts";
import { readEventsCommand } from "./events/read-command.ts";
import { eventsHelp } from "./events-help.ts";
import { readExportCommand } from "./export/read-command.ts";
import { exportHelp } from "./export-help.ts";
import { generalHelp, reconcileHelp } from "./help.ts";
import { readImportOptions } from "./import-options.ts";
import { mcpHelp } from "./mcp-help.ts";
import { readMcpOptions } from "./mcp-options.ts";
import { readAfterRestore, readReconcileOptions } from "./reconcile-options.ts";
import { readRemoteCommand } from "./remote/read-remote.ts";
import { remoteHelps } from "./remote-help.ts";
import { readSecretsCommand } from "./secrets/read-command.ts";
import { secretsHelp } from "./secrets-help.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const isHelp = (word: string | undefined) => word === "--help" || word === "-h" || word === "help";
/** Errors that say by themselves what to do. */
const foreseen = new Set([
  "ApplicationRoleError",
  "ConfigurationError",
  "DeskError",
  "EmbeddedPostgresError",
  "RedressError",
]);

/**
 * Runs one command.
 *
 * @param words what follows `redress`
 * @returns the exit code: see the help
 */
export async function run(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
  stopping: AbortSignal,
): Promise<number> {
  try {
    return await dispatch(words, environment, terminal, stopping);
  } catch (error) {
    const sentence = sentenceOf(error);
    const said = words.includes("--json")
      ? JSON.stringify(errorDocument(error, sentence), null, 2)
      : sentence;
    terminal.err.write(`${said}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** What `help <command>` prints. */
export const helps: ReadonlyMap<string, string> = new Map([
  ["reconcile", reconcileHelp],
  ["events", eventsHelp],
  ["audit", auditHelp],
  ["deliveries", deliveriesHelp],
  ["export", exportHelp],
  ["secrets", secretsHelp],
  ["mcp", mcpHelp],
  ...remoteHelps,
]);

async function dispatch(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
  stopping: AbortSignal,
): Promise<number> {
  const [name, ...rest] = words;
  const topic = isHelp(name) ? rest[0] : name;
  if (topic !== undefined && !helps.has(topic)) {
    throw new UsageError(`There is no command "${topic}". See npm run redress -- --help.`);
  }
  if (isHelp(name) || rest.some(isHelp)) {
    terminal.out.write(helps.get(topic ?? "") ?? generalHelp);
    return 0;
  }
  if (name === undefined) {
    terminal.err.write(generalHelp);
    return 2;
  }
  if (name === "mcp") {
    // It speaks with a running desk and opens none.
    const options = readMcpOptions(rest, environment);
    const { carryMcp } = await import("./carry-mcp.ts");
    return carryMcp(options, terminal, stopping);
  }
  const isImport = name === "purchases" && rest[0] === "import";
  const remote = isImport ? null : readRemoteCommand(name, rest);
  if (remote !== null) return remote({ terminal, environment, stopping });
  const alone = name === "audit" ? readVerifyAlone(rest, environment) : null;
  if (alone !== null) return alone(terminal);
  const command = readLocal(name, rest);
  // Loaded only now: help and a wrong command answer at once.
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

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOurs = error instanceof UsageError || foreseen.has(error.name);
  if (isOurs || error.constructor === Error) return error.message;
  return error.stack ?? error.message;
}
