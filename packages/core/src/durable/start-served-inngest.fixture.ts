import { vi } from "vitest";
import type { InngestConfiguration } from "../configuration.ts";
import { createInngestEngine, type InngestEngineOptions } from "./inngest.ts";
import type { Engine } from "./port.ts";
import { type InngestTestServer, startInngestServer } from "./testing/inngest-server.ts";
import { serveEngine } from "./testing/serve-engine.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** The engine, served over HTTP, and the server that knows its functions and calls them. */
export async function startServedInngest(
  options: Pick<InngestEngineOptions, "workflows" | "readMessage"> &
    Partial<Omit<InngestEngineOptions, "configuration">> & {
      configuration?: Partial<InngestConfiguration>;
    },
): Promise<{ engine: Engine; server: InngestTestServer; endpoint: string; close(): Promise<void> }> {
  const [server, served] = await Promise.all([startInngestServer(), serveEngine()]);
  const { origin: baseUrl, eventKey, signingKey } = server;
  const engine = createInngestEngine({
    logger: quiet,
    ...options,
    configuration: {
      eventKey,
      signingKey,
      signingKeyFallback: null,
      baseUrl,
      dev: false,
      ...options.configuration,
    },
    publicUrl: served.origin,
  });
  served.mount(engine);
  const start = async () => {
    await engine.start();
    await vi.waitUntil(() => server.functions().length > 0, { timeout: 10_000 });
  };
  const close = async () => {
    await served.close();
    await server.close();
  };
  return { engine: { ...engine, start }, server, endpoint: `${served.origin}/api/inngest`, close };
}
