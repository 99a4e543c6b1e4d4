import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createShop, type ShopOptions } from "./shop.ts";

export interface ShopServerOptions extends ShopOptions {
  /** 0 = any free port. */
  port: number;
  reportEveryMs?: number;
  /** Called when a round of reporting failed; the next round tries again. */
  onReportError?: (error: unknown) => void;
}

export interface ShopServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the shop on the loopback address. */
export async function startShop(options: ShopServerOptions): Promise<ShopServer> {
  const shop = await createShop(options);
  // Other code in this process keeps its own Request and Response.
  const server = createServer(getRequestListener(shop.routes.fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The shop has no port.");

  let reporting: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    reporting = reporting.then(shop.reportOrders).catch((error: unknown) => options.onReportError?.(error));
  }, options.reportEveryMs ?? 2000);

  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      clearInterval(timer);
      await reporting;
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
