import type { Server } from "node:http";

/** A start that cannot go on; the sentence says what to change. */
export class StartError extends Error {
  override readonly name = "StartError";
}

function attempt(server: Server, port: number, host: string | undefined): Promise<"listening" | "taken"> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off("listening", listening);
      if (error.code === "EADDRINUSE") resolve("taken");
      else reject(new StartError(`Port ${port} cannot be listened on: ${error.message}.`, { cause: error }));
    };
    const listening = () => {
      server.off("error", failed);
      resolve("listening");
    };
    server.once("error", failed);
    server.once("listening", listening);
    server.listen({ port, ...(host === undefined ? {} : { host }) });
  });
}

/**
 * Listens on the wished port, or, where another may be used, on the next free one of the following twenty.
 *
 * @returns the port in use
 * @throws StartError when it is taken
 */
export async function listen(
  server: Server,
  wish: { port: number; host?: string | undefined; another: boolean },
): Promise<number> {
  const last = wish.port + (wish.another && wish.port > 0 ? 20 : 0);
  for (let port = wish.port; port <= last; port++) {
    if ((await attempt(server, port, wish.host)) === "taken") continue;
    const address = server.address();
    return typeof address === "object" && address ? address.port : port;
  }
  throw new StartError(
    `Port ${wish.port} is taken by another program. Stop that one, or choose another port with PORT=….`,
  );
}
