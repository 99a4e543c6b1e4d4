import type { IncomingMessage, ServerResponse } from "node:http";
import type { IngestAnswer } from "@redress/core/webhooks/ingest";
import { refuseBody } from "@redress/core/webhooks/ingest";
import type { WebRuntime } from "../runtime.ts";
import { chunksOf, type RawBody, withRawBody } from "./raw-body.ts";

type Endpoint = Pick<WebRuntime, "ingest"> & {
  readonly dependencies: Pick<WebRuntime["dependencies"], "logger">;
};

/**
 * `POST /api/stripe/webhooks`, in front of Next.js: its routing and request objects would cost most of
 * the throughput of Redress's hot path.
 */
export function answerWebhook(
  endpoint: Endpoint,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const given = request.headers["stripe-signature"];
  const signature = Array.isArray(given) ? given.join(",") : given;
  const announced = request.headers["content-length"];
  return withRawBody({ body: request, announced }, async (body) => {
    const answer = await answerBody(endpoint, body, signature);
    const text = JSON.stringify(answer.body);
    response.writeHead(answer.status, {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(text),
      ...answerHeaders(answer),
      // What was not read would be taken for the next request.
      ...(request.complete ? {} : { Connection: "close" }),
    });
    response.end(text);
  });
}

/** The same as a route handler, for hosts that run Next.js alone. */
export function answerWebhookRequest(
  endpoint: Endpoint,
  request: Request,
  respond: (answer: IngestAnswer, headers: Record<string, string>) => Response,
): Promise<Response> {
  const signature = request.headers.get("stripe-signature") ?? undefined;
  const announced = request.headers.get("content-length");
  return withRawBody({ body: chunksOf(request), announced }, async (body) => {
    const answer = await answerBody(endpoint, body, signature);
    return respond(answer, answerHeaders(answer));
  });
}

async function answerBody(
  { ingest, dependencies }: Endpoint,
  body: RawBody,
  signature: string | undefined,
): Promise<IngestAnswer> {
  if (body.bytes === null) return refuseBody(dependencies.logger, body.why);
  return ingest({ rawBody: body.bytes, signature });
}

function answerHeaders({ retryAfterSeconds }: IngestAnswer): Record<string, string> {
  return {
    "Cache-Control": "no-store",
    ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
  };
}
