import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";

/** An HTTP server of this machine on a free port. */
export async function listen(answer: RequestListener): Promise<{
  readonly origin: string;
  /** Cuts the connections that are open. */
  close(): Promise<void>;
}> {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
