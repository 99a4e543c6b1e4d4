import { answerEngine } from "../node-endpoint.ts";
import type { Engine } from "../port.ts";
import { listen } from "./listen.ts";

/** An HTTP server at whose `/api/inngest` an engine is served, once it is mounted. */
export async function serveEngine(): Promise<{
  readonly origin: string;
  mount(engine: Pick<Engine, "serve">): void;
  close(): Promise<void>;
}> {
  let serve: Engine["serve"];
  const { origin, close } = await listen((request, response) => {
    if (!serve || !request.url?.startsWith("/api/inngest")) return void response.writeHead(404).end();
    answerEngine(serve, origin, request, response).catch(() => response.destroy());
  });
  return {
    origin,
    close,
    mount(engine) {
      serve = engine.serve;
    },
  };
}
