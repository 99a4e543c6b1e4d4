import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Configuration, readConfiguration } from "@redress/core/configuration";
import type { Logger } from "@redress/core/dependencies";
import { answerEngine } from "@redress/core/durable/node-endpoint";
import { keepGeneratedSecret } from "@redress/core/generated-secret";
import { startRuntime } from "@redress/core/runtime";
import { startTracing } from "@redress/core/tracing/start-tracing";
import { forkWork } from "@redress/core/work/fork-work";
import { startEmbeddedPostgres } from "@redress/database/embedded";
import { clientAddress, clientAddressHeader } from "./http/client-address.ts";
import { listen, StartError } from "./http/listen.ts";
import { renewCookies } from "./http/renew-cookies.ts";
import { inRequestSpan } from "./http/request-span.ts";
import { answerWebhook } from "./http/webhook-endpoint.ts";
import { watchChanges } from "./live/watch-changes.ts";
import { setRuntime } from "./runtime.ts";

export interface StartOptions {
  /** The environment: see `readConfiguration` for what is looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Port to listen on; 0 for any free one. Unless told, the configuration's. */
  readonly port?: number;
  /** Address to listen on. Unless told: this machine only in the sandbox, else every address. */
  readonly host?: string;
  /** Compile pages as they are asked for, instead of serving `next build`'s. */
  readonly dev?: boolean;
  /** Use the next free port when the wished one is taken: for development and the demo. */
  readonly anotherPort?: boolean;
  /** A database, instead of the configuration's or the embedded one. It is migrated. */
  readonly connectionString?: string;
  readonly logger?: Logger;
  /** Run workflows, relay and sweepers in a process of their own, where nothing calls them: see `forkWork`. */
  readonly workerProcess?: boolean;
}

export interface RunningServer {
  /** Where the desk is reached: the configuration's public URL. */
  readonly url: string;
  readonly runtime: Awaited<ReturnType<typeof startRuntime>>;
  /** Stops accepting, lets requests and steps finish, and stops what was started. May be called again. */
  close(): Promise<void>;
}

type Stop = () => Promise<unknown> | unknown;
type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const directory = fileURLToPath(new URL("..", import.meta.url));
/** How long a request may take to finish once the server stops. */
const drainMs = 10_000;

/**
 * Starts the whole desk in this process: database, workflows and web. Whatever fails, nothing that was
 * started stays behind.
 *
 * @throws ConfigurationError before anything starts; StartError; EmbeddedPostgresError
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const wished = readConfiguration(withPort(options.env, options.port));
  if (wished.stripe === null) {
    throw new StartError(
      "No Stripe variable is set. Start the desk together with the local sandbox (npm run demo), or set all of the Stripe variables.",
    );
  }
  // What to stop, newest first.
  const stops: Stop[] = [];
  const stop = async () => {
    for (let step = stops.pop(); step; step = stops.pop()) await step();
  };
  try {
    stops.push(await startTracing(options.env, "redress"));
    let answer: Answer = answerStarting;
    const server = createServer((request, response) => {
      answer(request, response).catch((error: unknown) => failed(error, response, options.logger));
    });
    server.headersTimeout = 15_000;
    server.requestTimeout = 60_000;
    server.keepAliveTimeout = 65_000;
    const port = await listen(server, {
      port: options.port ?? wished.port,
      host: options.host ?? (wished.mode === "sandbox" ? "127.0.0.1" : undefined),
      another: options.anotherPort ?? false,
    });
    stops.push(() => drain(server));

    const configuration = port === wished.port ? wished : readConfiguration(withPort(options.env, port));
    const connectionString = await openDatabase(options, configuration, stops);
    const secret = configuration.secret ?? keepGeneratedSecret(join(directory, "../../.redress"));
    // Inngest calls the process that answers requests; DBOS is called by nobody.
    const apart = options.workerProcess === true && configuration.inngest === null;
    const runtime = await startRuntime({
      configuration: { ...configuration, secret },
      connectionString,
      ...(apart ? { startWork: forkWork(withPort(options.env, port)) } : {}),
      ...(options.logger ? { logger: options.logger } : {}),
    });
    stops.push(() => runtime.stop());
    const { dependencies } = runtime;
    const changes = watchChanges(dependencies);
    const { previousSecrets, metricsToken } = configuration;
    setRuntime({ ...runtime, secret, previousSecrets, changes, metricsToken });
    stops.push(() => setRuntime(null));

    const handle = await startNext(server, port, options.dev ?? false, stops);
    answer = createAnswer({ ...configuration, secret }, runtime, handle);

    let closing: Promise<void> | undefined;
    return {
      url: configuration.publicUrl,
      runtime,
      close: () => {
        // What browsers listen to would stay open for ever. New requests end first; then what serves them.
        changes.close();
        closing ??= drain(server).then(stop);
        return closing;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function withPort(env: StartOptions["env"], port: number | undefined): StartOptions["env"] {
  return port === undefined || port === 0 ? env : { ...env, REDRESS_PORT: String(port) };
}

async function openDatabase(
  options: StartOptions,
  configuration: Configuration,
  stops: Stop[],
): Promise<string> {
  const given = options.connectionString ?? configuration.databaseUrl;
  if (given) return given;
  const postgres = await startEmbeddedPostgres({
    onLog: (line) => options.logger?.info({ part: "database" }, line),
  });
  stops.push(() => postgres.stop());
  return postgres.connectionString();
}

async function startNext(server: Server, port: number, dev: boolean, stops: Stop[]): Promise<Answer> {
  // Next and React choose their build by it when they are loaded, so it is set before, and for the process.
  Object.assign(process.env, { NODE_ENV: dev ? "development" : "production" });
  const { default: next } = await import("next");
  const app = next({ dev, dir: directory, httpServer: server, port });
  await app.prepare();
  stops.push(() => app.close());
  return app.getRequestHandler();
}

/** The endpoints of Stripe and the workflow engine in front, Next.js behind them. */
function createAnswer(
  { publicUrl, secret, previousSecrets }: Configuration & { secret: string },
  runtime: RunningServer["runtime"],
  handle: Answer,
): Answer {
  const { protocol, host } = new URL(publicUrl);
  const secure = protocol === "https:";
  return async (request, response) => {
    const path = request.url?.split("?", 1)[0];
    if (request.method === "POST" && path === "/api/stripe/webhooks") {
      return answerWebhook(runtime, request, response);
    }
    if (path === "/api/inngest") return answerEngine(runtime.serveEngine, publicUrl, request, response);
    if (!isDecodable(path)) {
      const error = {
        code: "invalid_input",
        message: "This address has a % that means nothing. Correct it.",
      };
      response.writeHead(400, { "Content-Type": "application/json", Connection: "close" });
      response.end(JSON.stringify({ error }));
      return;
    }
    if (isOtherLoopbackName(request, host)) {
      response.writeHead(307, { Location: `${publicUrl}${request.url ?? "/"}` }).end();
      return;
    }
    endUnread(request, response);
    renewCookies(request, response, { secret, previousSecrets, secure });
    request.headers[clientAddressHeader] = clientAddress(request);
    // Next compares the Origin of a form with this host: the public one decides, whatever a proxy sent.
    request.headers["x-forwarded-host"] = host;
    request.headers["x-forwarded-proto"] = protocol.slice(0, -1);
    if (secure) response.setHeader("Strict-Transport-Security", "max-age=31536000");
    return inRequestSpan(request, response, () => handle(request, response));
  };
}

/**
 * Whoever stopped reading a body that is too long left its rest in the connection. The next request on it,
 * behind a proxy perhaps somebody else's, would wait for that rest to be read.
 */
function endUnread(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  response.once("finish", () => {
    if (request.destroyed && !request.complete) socket.destroySoon();
  });
}

/** Next answers an address that it cannot decode as a defect of ours; no id of ours has a U+0000. */
function isDecodable(path: string | undefined): boolean {
  try {
    return !decodeURIComponent(path ?? "/").includes("\0");
  } catch {
    return false;
  }
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** `http://127.0.0.1:3000` where the desk is `http://localhost:3000`: cookies and forms need the one name. */
function isOtherLoopbackName(request: IncomingMessage, host: string): boolean {
  const asked = request.headers.host ?? host;
  return (
    asked !== host &&
    loopback.test(host) &&
    loopback.test(asked) &&
    request.method === "GET" &&
    (request.headers.accept ?? "").includes("text/html")
  );
}

const answerStarting: Answer = async (request, response) => {
  if (request.url === "/api/health/live") {
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ status: "ok" }));
    return;
  }
  const error = { code: "starting", message: "The desk is starting. Try again in a few seconds." };
  response.writeHead(503, { "Content-Type": "application/json", "Retry-After": "2", Connection: "close" });
  response.end(JSON.stringify({ error }));
};

function failed(error: unknown, response: ServerResponse, logger: Logger | undefined): void {
  logger?.error({ err: error }, "A request could not be answered.");
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { Connection: "close" }).end();
}

/** Stops accepting and waits for requests under way; connections that stay open are cut in the end. */
async function drain(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose answer ends from here on would be kept for a next request, which must not come.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}
