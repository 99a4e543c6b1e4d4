import type { Logger } from "@redress/core/dependencies";
import { errorStatuses, isRedressError } from "@redress/core/errors";

/** The one shape of an error: what REST answers, and what the console shows. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * What the outside may know of an error. Defects are logged whole and shown as one sentence with the
 * correlation id under which the log has them.
 */
export function describeError(
  error: unknown,
  context: { logger: Logger; correlationId: string },
): { status: number; body: ErrorBody } {
  if (isRedressError(error)) {
    const { code, message, details } = error;
    const status = errorStatuses[code];
    if (status >= 500) context.logger.error({ err: error, correlationId: context.correlationId }, message);
    return {
      status,
      body: { code, message, ...(Object.keys(details).length > 0 ? { details } : {}) },
    };
  }
  context.logger.error(
    { err: error, correlationId: context.correlationId },
    "A request failed unexpectedly.",
  );
  return {
    status: 500,
    body: {
      code: "internal",
      message: `Something went wrong on our side. Look at what is there before you try again; if it stays, search the log for ${context.correlationId}.`,
      details: { correlationId: context.correlationId },
    },
  };
}

/** `{ error: { code, message, details? } }` with its status. */
export function errorResponse(error: unknown, context: { logger: Logger; correlationId: string }): Response {
  const { status, body } = describeError(error, context);
  const response = jsonResponse({ error: body }, { status, correlationId: context.correlationId });
  const retryAfter = body.details?.retryAfterSeconds;
  if (typeof retryAfter === "number") response.headers.set("Retry-After", String(retryAfter));
  if (body.code.startsWith("key_") && status === 401) response.headers.set("WWW-Authenticate", "Bearer");
  return response;
}

/** JSON that no cache keeps, with the correlation id that ties it to the log and the audit trail. */
export function jsonResponse(body: unknown, options: { status: number; correlationId: string }): Response {
  return Response.json(body, {
    status: options.status,
    headers: { "Cache-Control": "no-store", "X-Correlation-Id": options.correlationId },
  });
}
