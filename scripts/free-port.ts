import { createServer } from "node:net";

/** The preferred port when it is free on the loopback address, otherwise any free one; 0 prefers none. */
export async function freePort(preferred: number): Promise<{ port: number; taken: boolean }> {
  if (preferred > 0 && (await canListen(preferred))) return { port: preferred, taken: false };
  return { port: await anyPort(), taken: true };
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === "string") reject(new Error("No free port."));
        else resolve(address.port);
      });
    });
  });
}
