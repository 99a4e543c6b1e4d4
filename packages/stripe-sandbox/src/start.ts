import { setTimeout as pause } from "node:timers/promises";
import { accountRoutes } from "./accounts/account-routes.ts";
import { describePlatform, type SandboxPlatform } from "./admin/account-operations.ts";
import { createAdmin, handleAdmin, type SandboxAdmin } from "./admin/admin.ts";
import { SandboxError } from "./errors.ts";
import { StripeApi } from "./http/api.ts";
import { LATE_EFFECT_TIMER, runLateEffect } from "./http/late-effect.ts";
import { type HttpOutcome, type HttpRequest, jsonResponse } from "./http/message.ts";
import { Router } from "./http/router.ts";
import { closeServer, listen } from "./http/server.ts";
import { OAuthApi } from "./oauth/oauth-api.ts";
import type { SandboxOptions } from "./options.ts";
import { resourceExpansions, resourceRoutes, resourceTimers } from "./resources/index.ts";
import { openSystem, type System } from "./system.ts";
import { endpointRoutes } from "./webhooks/endpoint-routes.ts";
import { eventRoutes } from "./webhooks/event-routes.ts";

export interface Sandbox {
  /** E.g. http://127.0.0.1:4010. */
  readonly origin: string;
  readonly platform: SandboxPlatform;
  /** The same operations as the HTTP admin API, in process. */
  readonly admin: SandboxAdmin;
  /** Stops accepting, ends deliveries, flushes state. */
  close(): Promise<void>;
}

/** Real milliseconds that an answer waits for its webhooks when they go first. */
const BEFORE_RESPONSE_MS = 5000;

const frontPage = {
  status: 200,
  headers: { "Content-Type": "text/plain; charset=utf-8" },
  body: `This is a local Stripe sandbox: no money is real, and nothing here is Stripe.

/v1       the API, as the official SDK speaks it
/oauth    the consent page and tokens of Connect
/admin    what no real Stripe lets you do: time, faults, disputes, events. GET /admin/ledger shows all there is.
`,
};

function createRouter({ directory, store }: System): Router {
  return new Router([
    ...accountRoutes(directory),
    ...endpointRoutes(() => directory.platform().clientId),
    ...eventRoutes(store),
    ...resourceRoutes,
  ]);
}

function createHandler(system: System, router: Router): (request: HttpRequest) => Promise<HttpOutcome> {
  const api = new StripeApi(system, router, resourceExpansions);
  const oauth = new OAuthApi(system);
  const dispatch = (request: HttpRequest): Promise<HttpOutcome> | HttpOutcome => {
    const [, area] = request.path.split("/", 2);
    if (area === "admin") return handleAdmin(system, request);
    if (area === "oauth") return oauth.handle(request);
    if (area === "v1") return api.handle(request);
    if (request.path === "/") return frontPage;
    const error = new SandboxError({
      status: 404,
      message: `Unrecognized request URL (${request.method}: ${request.path}). This is a Stripe sandbox: it serves /v1, /oauth and /admin.`,
    });
    return jsonResponse(404, error.envelope(null, ""));
  };
  return async (request) => {
    const outcome = await dispatch(request);
    if (system.publisher.mode.beforeResponse) {
      const patience = new AbortController();
      const late = pause(BEFORE_RESPONSE_MS, undefined, { signal: patience.signal }).catch(() => {});
      await Promise.race([system.courier.sendFirst(), late]);
      patience.abort();
    }
    return outcome;
  };
}

/**
 * Starts a local Stripe on a loopback port.
 * @throws the `EADDRINUSE` error of node:net when the port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = "127.0.0.1", port = 0 } = options;
  const system: System = await openSystem(options, {
    ...resourceTimers,
    [LATE_EFFECT_TIMER]: ({ account }, payload) =>
      runLateEffect({ system, router, expansions: resourceExpansions }, account, payload),
  });
  const router = createRouter(system);
  const server = await listen(
    { handle: createHandler(system, router), afterwards: () => system.courier.flush() },
    { host, port },
  ).catch((error: unknown) => {
    system.close();
    throw error;
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the sandbox has no port");
  return {
    origin: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    get platform() {
      return describePlatform(system);
    },
    admin: createAdmin(system),
    async close() {
      await closeServer(server);
      system.close();
    },
  };
}
