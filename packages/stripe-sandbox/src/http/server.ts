import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type HttpOutcome, type HttpRequest, jsonResponse } from "./message.ts";

/** More than any form or admin body needs. */
const MAXIMUM_BODY_BYTES = 4 << 20;

const KEEP_ALIVE_MS = 75_000;

export interface ServerParts {
  handle: (request: HttpRequest) => Promise<HttpOutcome>;
  /** After the answer has left, or the connection is gone. */
  afterwards: () => void;
}

async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > MAXIMUM_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: ServerParts,
): Promise<void> {
  const { method = "GET", url = "/", headers } = incoming;
  const body = await readBody(incoming);
  const at = url.indexOf("?");
  const request: HttpRequest = {
    method,
    path: at < 0 ? url : url.slice(0, at),
    query: at < 0 ? "" : url.slice(at + 1),
    body: body ?? "",
    header(name) {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
  };
  const outcome =
    body === undefined
      ? jsonResponse(413, {
          error: { type: "invalid_request_error", message: "The request body is too large." },
        })
      : await parts.handle(request);
  if (outcome === "drop") {
    incoming.socket.destroy();
    parts.afterwards();
    return;
  }
  outgoing.on("close", parts.afterwards);
  outgoing.writeHead(outcome.status, {
    ...outcome.headers,
    "Content-Length": Buffer.byteLength(outcome.body),
  });
  outgoing.end(outcome.body);
}

/** Starts listening; rejects when the port is taken. */
export function listen(parts: ServerParts, address: { host: string; port: number }): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, parts).catch((error: unknown) => {
      // The client went away while it was sending; nobody is left to answer.
      if (incoming.destroyed && !incoming.complete) return;
      console.error("stripe-sandbox:", error);
      incoming.socket.destroy();
    });
  });
  // A client that reuses a connection at the very moment it is closed for idleness sees a reset.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.host, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

/** Stops accepting and closes what is open. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
