import { createServer, type Server } from "node:net";

export interface FreePort {
  readonly port: number;
  /** Whether the preferred one was in use. */
  readonly taken: boolean;
  /** Gives the port free for its user; until then nobody else gets it. */
  release(): Promise<void>;
}

/** Holds the preferred port when it is free on the loopback address, otherwise any free one; 0 prefers none. */
export async function holdPort(preferred: number): Promise<FreePort> {
  const wished = preferred > 0 ? await hold(preferred).catch(() => null) : null;
  const server = wished ?? (await hold(0));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No free port.");
  return {
    port: address.port,
    taken: preferred > 0 && wished === null,
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function hold(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
