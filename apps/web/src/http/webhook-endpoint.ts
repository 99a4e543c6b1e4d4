import type { IncomingMessage, ServerResponse } from "node:http";
import { chunksOf, withRawBody } from "@redress/core/raw-body";
import type { IngestAnswer } from "@redress/core/webhooks/ingest";
import { maximumBodyBytes, refuseBody, refuseUnread } from "@redress/core/webhooks/ingest";
import type { WebRuntime } from "../runtime.ts";

type Endpoint = Pick<WebRuntime, "ingest"> & {
  readonly dependencies: Pick<WebRuntime["dependencies"], "clock" | "logger">;
};

/**
 * `POST /api/stripe/webhooks`, in front of Next.js: its routing and request objects would cost most of
 * the throughput of Redress's hot path.
 */
export async function answerWebhook(
  endpoint: Endpoint,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const given = request.headers["stripe-signature"];
  const signature = Array.isArray(given) ? given.join(",") : given;
  const announced = request.headers["content-length"];
  await answerBody(endpoint, { body: request, announced, signature }, async (answer) => {
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
  return answerBody(endpoint, { body: chunksOf(request), announced, signature }, async (answer) =>
    respond(answer, answerHeaders(answer)),
  );
}

async function answerBody<Sent>(
  { ingest, dependencies }: Endpoint,
  given: {
    body: AsyncIterable<Uint8Array>;
    announced: string | null | undefined;
    signature: string | undefined;
  },
  respond: (answer: IngestAnswer) => Promise<Sent>,
): Promise<Sent> {
  const { signature, body, announced } = given;
  const unread = refuseUnread(dependencies, signature);
  if (unread) return respond(unread);
  return withRawBody({ body, announced, maximumBytes: maximumBodyBytes }, async (raw) =>
    respond(
      raw.bytes === null
        ? refuseBody(dependencies.logger, raw.why)
        : await ingest({ rawBody: raw.bytes, signature }),
    ),
  );
}

function answerHeaders({ retryAfterSeconds }: IngestAnswer): Record<string, string> {
  return {
    "Cache-Control": "no-store",
    ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
  };
}
