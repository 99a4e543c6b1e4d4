import {
  type Attributes,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";

/** Whose spans these are: only those are exported (see `startTracing`). */
export const tracerName = "redress";

export interface SpanOptions {
  readonly name: string;
  readonly kind?: "server" | "client" | "consumer";
  /** Ids, statuses and names of ours; never what a person wrote or is called. */
  readonly attributes?: Attributes;
  /** Where it goes on, as `currentTraceParent` wrote it down. Absent: under what goes on here. Null: a trace of its own. */
  readonly parent?: string | null | undefined;
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER };

/**
 * Runs work as a span. Without a tracer, the usual case, this costs two calls that do nothing. What is thrown marks the span
 * by its kind alone: messages may quote what a person wrote.
 */
export async function inSpan<Result>(
  { name, kind, attributes = {}, parent }: SpanOptions,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const under = parent === undefined ? context.active() : contextOf(parent);
  const options = { attributes, ...(kind && { kind: kinds[kind] }) };
  const span = trace.getTracer(tracerName).startSpan(name, options, under);
  try {
    return await context.with(trace.setSpan(under, span), () => work(span));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute("error.type", error instanceof Error ? error.name : "unknown");
    throw error;
  } finally {
    span.end();
  }
}

/** What goes on here, as a W3C `traceparent`, so that what is queued goes on in the same trace. Null: nothing is traced. */
export function currentTraceParent(): string | null {
  const now = trace.getActiveSpan()?.spanContext();
  if (now === undefined || !isSpanContextValid(now)) return null;
  return `00-${now.traceId}-${now.spanId}-${now.traceFlags.toString(16).padStart(2, "0")}`;
}

const traceParent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function contextOf(parent: string | null) {
  const [, traceId, spanId, flags] = traceParent.exec(parent ?? "") ?? [];
  if (!(traceId && spanId && flags)) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
