import { auditHelp } from "./audit-help.ts";
import { customersHelp } from "./customers-help.ts";
import { deliveriesHelp } from "./deliveries-help.ts";
import { errorDocument } from "./error-document.ts";
import { eventsHelp } from "./events-help.ts";
import { exportHelp } from "./export-help.ts";
import { generalHelp, reconcileHelp } from "./help.ts";
import { mcpHelp } from "./mcp-help.ts";
import { readMcpOptions } from "./mcp-options.ts";
import { readRemoteCommand } from "./remote/read-remote.ts";
import { remoteHelps } from "./remote-help.ts";
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
  "SchemaNewerError",
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
  ["customers", customersHelp],
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
  // Loaded only now, since it brings the domain along: help and a wrong command answer at once.
  const { onDatabase } = await import("./on-database.ts");
  return onDatabase(name, rest, { environment, terminal, stopping });
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOurs = error instanceof UsageError || foreseen.has(error.name);
  if (isOurs || error.constructor === Error) return error.message;
  return error.stack ?? error.message;
}
