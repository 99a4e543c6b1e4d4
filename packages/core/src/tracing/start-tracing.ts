import { type TracerProvider, trace } from "@opentelemetry/api";
import { tracerName } from "./span.ts";

/** Ends tracing: what is not sent yet is sent. */
export type StopTracing = () => Promise<void>;

/**
 * Sends spans to an OpenTelemetry collector where `OTEL_EXPORTER_OTLP_ENDPOINT` is set; their SDK reads what else is
 * said by `OTEL_…` (headers, certificates, batches) from the process' environment. Elsewhere none of it is even loaded.
 *
 * Only our own spans: those of libraries, Next's above all, hold whole addresses, which may name a customer.
 *
 * @param service as traces name it: `redress`, `redress-worker`
 */
export async function startTracing(
  env: Readonly<Record<string, string | undefined>>,
  service: string,
): Promise<StopTracing> {
  const url = addressOf(env);
  if (url === null) return async () => {};
  const [sdk, { OTLPTraceExporter }, { AsyncLocalStorageContextManager }, { resourceFromAttributes }, api] =
    await Promise.all([
      import("@opentelemetry/sdk-trace-base"),
      import("@opentelemetry/exporter-trace-otlp-http"),
      import("@opentelemetry/context-async-hooks"),
      import("@opentelemetry/resources"),
      import("@opentelemetry/api"),
    ]);
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": env.OTEL_SERVICE_NAME ?? service }),
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  const none = new api.ProxyTracerProvider();
  const ours: TracerProvider = {
    getTracer: (name, ...rest) => (name === tracerName ? provider : none).getTracer(name, ...rest),
  };
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(ours);
  return async () => {
    trace.disable();
    await provider.shutdown().catch(() => {});
  };
}

/** Of the protocol OTLP over HTTP with JSON. */
function addressOf(env: Readonly<Record<string, string | undefined>>): string | null {
  if (env.OTEL_SDK_DISABLED === "true") return null;
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: exact, OTEL_EXPORTER_OTLP_ENDPOINT: base } = env;
  if (exact) return exact;
  return base ? `${base.replace(/\/+$/, "")}/v1/traces` : null;
}
