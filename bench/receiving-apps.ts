import { createServer } from "node:http";
import { verifyNotification } from "@redress/sdk";
import { readBody } from "./subjects/read-body.ts";

/** The apps' side: takes signed notifications and notes when each came. */
export interface ReceivingApps {
  urlOf(slug: string): string;
  /** From now on the app accepts what this secret signed. */
  trust(slug: string, secret: string): void;
  /** When the app was told of this refund of Stripe's, in milliseconds of `performance.now()`. */
  told(stripeRefundId: string): Promise<number>;
  /** Whether the app was told of this refund of Stripe's. */
  wasTold(stripeRefundId: string): boolean;
  /** From now on the apps answer 503, or take what comes. */
  refuse(refuses: boolean): void;
  /** How many notifications came in all. */
  count(): number;
  close(): Promise<void>;
}

export async function startReceivingApps(): Promise<ReceivingApps> {
  const secrets = new Map<string, string>();
  const arrivals = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  let count = 0;
  let refuses = false;
  const server = createServer(async (request, response) => {
    const at = performance.now();
    const body = (await readBody(request)).toString();
    if (refuses) return void response.writeHead(503).end();
    const slug = request.url?.slice(1) ?? "";
    const headers = new Headers(request.headers as Record<string, string>);
    try {
      const { notification } = await verifyNotification({ headers, body }, secrets.get(slug) ?? []);
      if (notification.type === "ping") throw new Error("nobody sends pings here");
      count += 1;
      const id = notification.data.refund.stripe_refund_id ?? "";
      if (!arrivals.has(id)) arrivals.set(id, at);
      waiting.get(id)?.(at);
      waiting.delete(id);
      response.writeHead(200, { "Content-Type": "application/json" }).end('{"status":"done"}');
    } catch (error) {
      response.writeHead(401).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The receiving apps have no port.");
  return {
    urlOf: (slug) => `http://127.0.0.1:${address.port}/${slug}`,
    trust: (slug, secret) => void secrets.set(slug, secret),
    told: (id) =>
      new Promise((resolve) => {
        const at = arrivals.get(id);
        if (at === undefined) waiting.set(id, resolve);
        else resolve(at);
      }),
    wasTold: (id) => arrivals.has(id),
    refuse: (now) => {
      refuses = now;
    },
    count: () => count,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
