import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { createExpressHandler } from "./express.ts";
import type { HandlerOptions } from "./handler.ts";
import { createHonoHandler } from "./hono.ts";
import { memorySequenceStore } from "./index.ts";
import { createRoute } from "./next.ts";
import { signedRequest, testNotification, testPing, testSecret } from "./testing.ts";

// Each adapter under its real framework, over HTTP.
const secret = testSecret();
let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  if (server?.listening) await once(server, "close");
});

async function listen(started: Server): Promise<string> {
  server = started;
  if (!started.listening) await once(started, "listening");
  const address = started.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}/redress`;
}

function app(): HandlerOptions & { revoked: string[] } {
  const revoked: string[] = [];
  return {
    revoked,
    secrets: secret,
    sequences: memorySequenceStore(),
    async revokeAccess({ purchase }) {
      if (purchase.id === "pur_broken") throw new Error("database down");
      revoked.push(purchase.id);
      return undefined;
    },
    restoreAccess: async () => undefined,
  };
}

const frameworks: Record<string, (options: HandlerOptions) => Promise<string>> = {
  express(options) {
    const routes = express();
    routes.post("/redress", createExpressHandler(options));
    routes.use(express.json());
    return listen(routes.listen(0, "127.0.0.1"));
  },
  "express behind express.raw()"(options) {
    const routes = express();
    routes.use(express.raw({ type: "*/*", limit: "1mb" }));
    routes.post("/redress", createExpressHandler(options));
    return listen(routes.listen(0, "127.0.0.1"));
  },
  "node:http alone"(options) {
    const handle = createExpressHandler(options);
    const plain = createServer((request, response) => {
      handle(request, response, () => response.writeHead(500).end());
    });
    return listen(plain.listen(0, "127.0.0.1"));
  },
  hono(options) {
    const routes = new Hono();
    routes.post("/redress", createHonoHandler(options));
    const listener = getRequestListener(routes.fetch, { overrideGlobalObjects: false });
    return listen(createServer(listener).listen(0, "127.0.0.1"));
  },
  "a Next.js route"(options) {
    const { POST } = createRoute(options);
    const listener = getRequestListener(POST, { overrideGlobalObjects: false });
    return listen(createServer(listener).listen(0, "127.0.0.1"));
  },
};

describe.each(Object.keys(frameworks))("%s", (name) => {
  const start = (options: HandlerOptions) => frameworks[name]?.(options) ?? Promise.reject(new Error(name));

  it("takes what Redress signed, with its umlauts", async () => {
    const options = app();
    const url = await start(options);
    const message = testNotification({ purchase: { id: "pur_ü", customer_email: "ädä@example.com" } });
    const response = await fetch(await signedRequest(message, { secret, url }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "done" });
    expect(options.revoked).toEqual(["pur_ü"]);
  });

  it("answers a ping by itself", async () => {
    const options = app();
    const response = await fetch(await signedRequest(testPing(), { secret, url: await start(options) }));
    expect(response.status).toBe(200);
    expect(options.revoked).toEqual([]);
  });

  it("refuses what somebody else signed, and answers 500 when the app's function throws", async () => {
    const options = app();
    const url = await start(options);
    const forged = await signedRequest(testNotification(), { secret: testSecret(), url });
    expect((await fetch(forged)).status).toBe(401);
    const broken = testNotification({ purchase: { id: "pur_broken" } });
    expect((await fetch(await signedRequest(broken, { secret, url }))).status).toBe(500);
    expect(options.revoked).toEqual([]);
  });

  it("reads no more than a notification can be long", async () => {
    const url = await start(app());
    const response = await fetch(url, {
      method: "POST",
      body: "x".repeat(300_000),
      headers: { "webhook-id": "a" },
    });
    expect(response.status).toBe(413);
  });
});

describe("express behind express.json()", () => {
  it("says what to change instead of refusing a good signature", async () => {
    const seen: unknown[] = [];
    const routes = express();
    routes.use(express.json());
    routes.post("/redress", createExpressHandler(app()));
    routes.use(((error, _request, response, _next) => {
      seen.push(error);
      response.status(500).end();
    }) satisfies express.ErrorRequestHandler);
    const url = await listen(routes.listen(0, "127.0.0.1"));
    expect((await fetch(await signedRequest(testNotification(), { secret, url }))).status).toBe(500);
    expect(String(seen[0])).toContain("before express.json()");
  });
});
