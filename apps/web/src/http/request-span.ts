import type { IncomingMessage, ServerResponse } from "node:http";
import { inSpan } from "@redress/core/tracing/span";

/**
 * Answers a request in a span of its own. The address is kept without what stands for somebody or something: no search, and
 * of the path only words of ours.
 */
export function inRequestSpan(
  request: IncomingMessage,
  response: ServerResponse,
  answer: () => Promise<void>,
): Promise<void> {
  const method = request.method ?? "GET";
  const route = routeOf(request.url ?? "/");
  const attributes = { "http.request.method": method, "http.route": route };
  return inSpan({ name: `${method} ${route}`, kind: "server", attributes, parent: null }, async (span) => {
    await answer();
    span.setAttribute("http.response.status_code", response.statusCode);
    const correlationId = response.getHeader("x-correlation-id");
    if (typeof correlationId === "string") span.setAttribute("redress.correlation_id", correlationId);
  });
}

/** `/api/v1/refunds/{id}/approve`: ids, slugs with digits and tokens all become `{id}`. */
function routeOf(url: string): string {
  const [path = "/"] = url.split("?", 1);
  return path
    .split("/")
    .map((part) => (/^(v1|[a-z-]{0,24})$/.test(part) ? part : "{id}"))
    .join("/");
}
