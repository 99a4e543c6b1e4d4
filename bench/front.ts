import { Agent, createServer, request } from "node:http";

/** Stands for the load balancer before several desks: one address, each request to the next desk that answers. */
export interface Front {
  readonly origin: string;
  /** From now on this port of the machine takes its turn. */
  add(port: number): void;
  close(): Promise<void>;
}

const refused = new Set(["ECONNREFUSED", "ECONNRESET"]);

/** A desk that takes no connection is passed over; one that breaks off in an answer is answered for with 502. */
export async function startFront(): Promise<Front> {
  const ports: number[] = [];
  let turn = 0;
  const agent = new Agent({ keepAlive: false });
  const server = createServer(async (incoming, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const tryNext = (left: number) => {
      turn += 1;
      const port = ports[turn % ports.length];
      if (left === 0 || port === undefined) return answer.writeHead(502).end();
      const { method, url, headers } = incoming;
      const outgoing = request({ host: "127.0.0.1", port, method, path: url, headers, agent }, (response) => {
        answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
        response.pipe(answer);
        response.once("error", () => answer.destroy());
      });
      let connected = false;
      outgoing.once("socket", (socket) => socket.once("connect", () => (connected = true)));
      outgoing.once("error", (error: NodeJS.ErrnoException) => {
        if (answer.headersSent) answer.destroy();
        // What was never connected was never read: another desk may have it.
        else if (!connected && refused.has(error.code ?? "")) tryNext(left - 1);
        else answer.writeHead(502).end();
      });
      outgoing.end(body);
    };
    tryNext(ports.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The front has no port.");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    add: (port) => void ports.push(port),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
