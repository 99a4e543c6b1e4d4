import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { Dependencies } from "../dependencies.ts";
import { createStripeClient } from "../stripe/client.ts";
import type { Harness } from "./harness.ts";

export interface GivenAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Something on the way to Stripe: answers what a test says, and lets the sandbox answer all else. */
export interface Between {
  readonly dependencies: Dependencies;
  /** Alerts that were raised since the last `answer`. */
  readonly alerts: object[];
  /** The answers to the next calls of this method whose path begins so; later ones pass again. */
  answer(call: { method: string; path: string }, ...answers: GivenAnswer[]): void;
  close(): Promise<void>;
}

export async function startBetween(harness: Harness): Promise<Between> {
  const alerts: object[] = [];
  let given: { method: string; path: string; answers: GivenAnswer[] } | undefined;
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const own =
      given && request.method === given.method && request.url?.startsWith(given.path)
        ? given.answers.shift()
        : undefined;
    if (own) {
      const headers = { "Content-Type": "application/json", "Request-Id": "req_between", ...own.headers };
      response.writeHead(own.status ?? 200, headers).end(JSON.stringify(own.body));
      return;
    }
    try {
      const passed = await fetch(`${harness.sandbox.origin}${request.url}`, {
        method: request.method ?? "GET",
        headers: passedOn(request),
        ...(body.length > 0 ? { body: body.toString() } : {}),
      });
      const answer = Buffer.from(await passed.arrayBuffer());
      response.writeHead(passed.status, Object.fromEntries(passed.headers)).end(answer);
    } catch {
      // The sandbox dropped the connection, as it was told: so does this.
      response.destroy();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("nothing listens in between");
  const { logger } = harness.dependencies;
  return {
    alerts,
    dependencies: {
      ...harness.dependencies,
      logger: { ...logger, error: (facts) => void alerts.push(facts) },
      stripe: createStripeClient({
        secretKey: harness.sandbox.platform.secretKey,
        apiOrigin: `http://127.0.0.1:${address.port}`,
        timeoutMs: 2_000,
      }),
    },
    answer: (call, ...answers) => {
      alerts.length = 0;
      given = { ...call, answers };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What belongs to the one connection stays with it. */
function passedOn({ headers }: IncomingMessage): Record<string, string> {
  const own = new Set(["host", "connection", "content-length", "transfer-encoding", "accept-encoding"]);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (own.has(name) ? [] : [[name, String(value)]])),
  );
}
