import { readArguments } from "./read-arguments.ts";
import { UsageError } from "./usage-error.ts";

export interface McpOptions {
  /** Where the desk answers MCP. */
  readonly endpoint: URL;
  /** An agent's key. */
  readonly key: string;
}

const next = "See npm run redress -- mcp --help.";
const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * The key comes from the environment only: other users of the machine see a command's words.
 *
 * @throws UsageError
 */
export function readMcpOptions(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): McpOptions {
  const { url } = readArguments(words, { url: { type: "string" } }, next);
  const key = environment.REDRESS_KEY?.trim() ?? "";
  if (key === "") throw new UsageError(`Set REDRESS_KEY to the agent's key. ${next}`);
  const address = url ?? environment.REDRESS_URL ?? "http://localhost:3000";
  if (!URL.canParse(address)) throw new UsageError(`"${address}" is no address. ${next}`);
  const { protocol, hostname, origin } = new URL(address);
  const isSafe = protocol === "https:" || (protocol === "http:" && loopback.test(hostname));
  if (!isSafe)
    throw new UsageError(`"${address}" must begin with https://, so that the key stays secret. ${next}`);
  return { endpoint: new URL("/api/mcp", origin), key };
}
