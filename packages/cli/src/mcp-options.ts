import { readDeskAddress } from "./desk-address.ts";
import { readArguments } from "./read-arguments.ts";
import { UsageError } from "./usage-error.ts";

export interface McpOptions {
  /** Where the desk answers MCP. */
  readonly endpoint: URL;
  /** An agent's key. */
  readonly key: string;
}

const next = "See npm run redress -- mcp --help.";

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
  const origin = readDeskAddress(address, next);
  return { endpoint: new URL("/api/mcp", origin), key };
}
