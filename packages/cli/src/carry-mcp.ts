import { once } from "node:events";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { isJSONRPCRequest, type JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { McpOptions } from "./mcp-options.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Carries MCP between a program that starts commands (standard input and output) and a running desk (HTTP).
 * It decides nothing: the desk judges each message by the key.
 *
 * @returns the exit code, once the input has ended and what was asked is answered
 */
export async function carryMcp(
  { endpoint, key }: McpOptions,
  { err }: Pick<Terminal, "err">,
  stopping: AbortSignal,
): Promise<number> {
  const program = new StdioServerTransport();
  const desk = new StreamableHTTPClientTransport(endpoint, {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
  });
  const underWay = new Set<Promise<void>>();
  const carry = async (message: JSONRPCMessage): Promise<void> => {
    try {
      await desk.send(message);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      err.write(`${said}\n`);
      if (!isJSONRPCRequest(message)) return;
      // The program waits for an answer to its request, whatever became of it.
      await program.send({ jsonrpc: "2.0", id: message.id, error: { code: -32_000, message: said } });
    }
  };
  program.onmessage = (message) => {
    const carried = carry(message).finally(() => underWay.delete(carried));
    underWay.add(carried);
  };
  desk.onmessage = (message) => void program.send(message);
  await desk.start();
  await program.start();
  await Promise.race([once(process.stdin, "end"), aborted(stopping)]);
  await Promise.allSettled(underWay);
  await desk.close();
  await program.close();
  return stopping.aborted ? 130 : 0;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
