import type { Server } from "node:http";

/** Listens on any free port of this machine and tells it to the parent; ends with the parent. */
export function tellPort(server: Server): void {
  process.on("disconnect", () => process.exit());
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The server has no port.");
    process.send?.({ port: address.port });
  });
}
