import type { IncomingMessage, ServerResponse } from "node:http";
import { maximumBodyBytes } from "@redress/core/webhooks/ingest";
import type { WebRuntime } from "../runtime.ts";

/** Reads a body, and stops where the limit is passed: the rest is never held in memory. */
async function readRawBody(
  body: AsyncIterable<Uint8Array>,
): Promise<{ rawBody: Buffer; contentLength: number }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maximumBodyBytes) break;
    chunks.push(chunk);
  }
  return { rawBody: Buffer.concat(chunks), contentLength: size };
}

/**
 * `POST /api/stripe/webhooks`, in front of Next.js: its routing and request objects would cost most of
 * the throughput of Redress's hot path.
 */
export async function answerWebhook(
  ingest: WebRuntime["ingest"],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const signature = request.headers["stripe-signature"];
  const { rawBody, contentLength } = await readRawBody(request);
  const answer = await ingest({
    rawBody,
    contentLength,
    signature: Array.isArray(signature) ? signature.join(",") : signature,
  });
  const text = JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    // What was not read would be taken for the next request.
    ...(request.complete ? {} : { Connection: "close" }),
  });
  response.end(text);
}
