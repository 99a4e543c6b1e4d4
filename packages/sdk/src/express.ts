import type { IncomingMessage, ServerResponse } from "node:http";
import { createHandler, type HandlerOptions } from "./handler.ts";
import { mostBytes } from "./read-body.ts";

type Next = (error?: unknown) => void;

/**
 * For Express, and for anything with Node's own request and response: `app.post("/redress", createExpressHandler({ … }))`.
 * It reads the body itself, or takes the one that `express.raw()` read. Mount it before `express.json()`, which
 * throws the signed bytes away.
 */
export function createExpressHandler(
  options: HandlerOptions,
): (request: IncomingMessage & { body?: unknown }, response: ServerResponse, next?: Next) => Promise<void> {
  const handle = createHandler(options);
  return async (request, response, next) => {
    try {
      const answer = await handle(await toRequest(request));
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(await answer.text());
    } catch (error) {
      if (!next) throw error;
      next(error);
    }
  };
}

async function toRequest(request: IncomingMessage & { body?: unknown }): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  const method = request.method ?? "GET";
  // Only the path behind it would matter, and nothing here reads it.
  const url = "http://localhost/";
  if (method === "GET" || method === "HEAD") return new Request(url, { method, headers });
  return new Request(url, { method, headers, body: await rawBody(request) });
}

async function rawBody(
  request: IncomingMessage & { body?: unknown },
): Promise<Uint8Array<ArrayBuffer> | string> {
  const { body } = request;
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  if (request.readableEnded) {
    throw new Error("The body was parsed before Redress's handler saw it. Mount it before express.json().");
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Uint8Array = typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
    size += bytes.byteLength;
    // The handler refuses one byte too many; the rest is read and dropped, so that the sender hears the answer,
    // unless it does not end: leaving the loop closes the connection.
    if (size - bytes.byteLength <= mostBytes) chunks.push(bytes);
    if (size > 16 * mostBytes) break;
  }
  return join(chunks);
}

function join(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return joined;
}
