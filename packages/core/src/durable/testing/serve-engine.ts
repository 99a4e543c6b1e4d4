import { once } from "node:events";
import { createServer } from "node:http";
import { answerEngine } from "../node-endpoint.ts";
import type { Engine } from "../port.ts";

/** An HTTP server at whose `/api/inngest` an engine is served, once it is mounted. */
export async function serveEngine(): Promise<{
  readonly origin: string;
  mount(engine: Engine): void;
  close(): Promise<void>;
}> {
  let mounted: Engine | null = null;
  const server = createServer((request, response) => {
    if (!mounted?.serve || !request.url?.startsWith("/api/inngest"))
      return void response.writeHead(404).end();
    answerEngine(mounted.serve, origin, request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    origin,
    mount(engine) {
      mounted = engine;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
