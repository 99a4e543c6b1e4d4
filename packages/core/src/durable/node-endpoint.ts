import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorCode } from "../errors.ts";

const methods = new Set(["GET", "POST", "PUT"]);

/**
 * Serves the workflow engine's endpoint on a `node:http` server.
 *
 * @param origin of this installation: whatever name it was called by, the engine knows it by this one
 */
export async function answerEngine(
  serve: (request: Request) => Promise<Response>,
  origin: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", url = "/", rawHeaders } = request;
  const answer = methods.has(method)
    ? await serve(
        new Request(new URL(url, origin), {
          method,
          headers: pairsOf(rawHeaders),
          ...(method !== "GET" && { body: streamOf(request), duplex: "half" }),
        }),
      )
    : refuseMethod(method);
  const body = Buffer.from(await answer.arrayBuffer());
  // What was not read would be taken for the next request.
  if (!request.complete) answer.headers.set("Connection", "close");
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
}

/** The body as it comes, read only as far as it is wanted. */
function streamOf(request: IncomingMessage): ReadableStream<Uint8Array> {
  const parts = request[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await parts.return?.();
    },
  });
}

function pairsOf(rawHeaders: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "");
  }
  return headers;
}

function refuseMethod(method: string): Response {
  const code: ErrorCode = "method_not_allowed";
  const message = `There is nothing to ${method} here: workflow engines GET, PUT and POST.`;
  return Response.json({ error: { code, message } }, { status: 405, headers: { Allow: "GET, POST, PUT" } });
}
