import { Inngest } from "inngest";
import { serve } from "inngest/edge";
import type { InngestConfiguration } from "../configuration.ts";
import type { Logger } from "../dependencies.ts";
import { answerCall } from "./inngest-calls.ts";
import { eventsOf } from "./inngest-event.ts";
import { type InngestFunctionOptions, inngestFunctionOf } from "./inngest-function.ts";
import type { AnyWorkflow, Engine, Workflow } from "./port.ts";
import { sendRequests, throwIfRefused } from "./send-requests.ts";

export interface InngestEngineOptions extends InngestFunctionOptions {
  readonly configuration: InngestConfiguration;
  /** Origin of this installation, where Inngest calls `/api/inngest`. */
  readonly publicUrl: string;
  readonly workflows: readonly AnyWorkflow[];
  /** How often Inngest is told of the functions; 300,000 unless told, and a tenth of it while it does not answer. */
  readonly registerEveryMs?: number;
}

/** Part of every function's id at Inngest: it never changes. */
const appId = "redress";
const servePath = "/api/inngest";
/** The SDK tries each request several times; without an end to each the outbox would wait for ever. */
const requestTimeoutMs = 10_000;

/**
 * Inngest, its cloud or a server of one's own: it keeps the queue and the answers of finished steps, and calls
 * `/api/inngest` for each step. Any number of processes on one database may serve it.
 *
 * Its yes to an event proves nothing: one killed right afterwards may have stored none. The outbox sends again
 * what had no effect.
 */
export function createInngestEngine(options: InngestEngineOptions): Engine {
  const { configuration, logger, publicUrl } = options;
  const workflows: readonly Workflow[] = options.workflows;
  const client = createClient(options);
  const served = {
    client,
    functions: workflows.map((workflow) => inngestFunctionOf(client, workflow, options)),
    serveOrigin: publicUrl,
    servePath,
  };
  // We tell Inngest of the functions ourselves, so nobody unknown needs to be able to ask for it.
  const answer = serve({ ...served, enableUnauthedSync: false });
  const register = serve({ ...served, enableUnauthedSync: true });
  const registration = keepRegistered({
    everyMs: options.registerEveryMs ?? 300_000,
    logger,
    register: () => {
      // The SDK reads the header, even where the address is whole.
      const headers = { host: new URL(publicUrl).host };
      return register(new Request(`${publicUrl}${servePath}`, { method: "PUT", headers }));
    },
  });
  const calls = answerCall({ answer, signed: !configuration.dev, logger });

  return {
    name: "inngest",
    start: async () => registration.start(),
    async send(messages) {
      const events = messages.flatMap((message) => {
        const found = eventsOf(options.workflows, message);
        const { id: messageId, name } = message;
        if (found.length === 0) logger.error({ messageId, name }, "No workflow takes this message.");
        return found;
      });
      await sendRequests((request) => client.send(request), events);
    },
    serve: calls.serve,
    async stop() {
      registration.stop();
      await calls.stop();
    },
  };
}

function createClient({ configuration, logger }: InngestEngineOptions): Inngest {
  const { eventKey, signingKey, signingKeyFallback, baseUrl, dev } = configuration;
  return new Inngest({
    id: appId,
    isDev: dev,
    ...(eventKey !== null && { eventKey }),
    ...(signingKey !== null && { signingKey }),
    ...(signingKeyFallback !== null && { signingKeyFallback }),
    ...(baseUrl !== null && { baseUrl }),
    // Nothing here calls a model: no spans are watched for it.
    aiMetadata: false,
    logger: sdkLogger(logger),
    fetch: async (input, init) => {
      const response = await fetch(input, { ...init, signal: AbortSignal.timeout(requestTimeoutMs) });
      // The SDK's error would not say the status.
      if (isSending(input)) await throwIfRefused(response);
      return response;
    },
  });
}

/** Events go to `/e/` and the event key (SDK 4.24.0, `components/Inngest.js`). */
function isSending(input: Parameters<typeof fetch>[0]): boolean {
  return new URL(input instanceof Request ? input.url : input).pathname.startsWith("/e/");
}

/** The SDK's lines as ours. What it calls an error is a try that failed or a call that was refused. */
function sdkLogger(
  logger: Logger,
): Record<"debug" | "info" | "warn" | "error", (...entry: unknown[]) => void> {
  const write =
    (level: "debug" | "warn") =>
    (...entry: unknown[]) => {
      const facts = entry.find((part) => typeof part === "object" && part !== null) ?? {};
      const words = entry.filter((part) => typeof part === "string").join(" ");
      logger[level](facts, `Inngest: ${words}`);
    };
  return { debug: write("debug"), info: write("debug"), warn: write("warn"), error: write("warn") };
}

/** Tells Inngest of the functions at start and every few minutes: a server without a disk of its own forgets them. */
function keepRegistered(given: { everyMs: number; logger: Logger; register: () => Promise<Response> }): {
  start(): void;
  stop(): void;
} {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  async function run(): Promise<void> {
    const refusal = await given
      .register()
      .then(async (response) => (response.ok ? null : `${response.status} ${await response.text()}`), String);
    if (refusal !== null) {
      given.logger.warn(
        { refusal: refusal.slice(0, 500) },
        "Inngest did not take the functions of this desk; it is told again shortly. Check INNGEST_BASE_URL and the keys if this stays.",
      );
    }
    if (stopped) return;
    timer = setTimeout(() => void run(), refusal === null ? given.everyMs : given.everyMs / 10).unref();
  }
  return {
    start: () => void run(),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
