import type { Configuration } from "../configuration.ts";
import type { ErrorCode } from "../errors.ts";
import type { DbosEngineOptions } from "./dbos.ts";
import type { InngestEngineOptions } from "./inngest.ts";
import type { Engine } from "./port.ts";

/**
 * The engine that the configuration asks for: Inngest where its variables are set, otherwise DBOS on the same
 * PostgreSQL. Says which one, and why. Only the chosen one is loaded.
 */
export async function chooseEngine(
  { inngest, publicUrl }: Pick<Configuration, "inngest" | "publicUrl">,
  given: Omit<DbosEngineOptions, "concurrency" | "retryIntervalMs"> &
    Pick<InngestEngineOptions, "readMessage">,
): Promise<Engine> {
  const { connectionString, readMessage, ...rest } = given;
  if (inngest === null) {
    const facts = { engine: "dbos" };
    const because = "INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY are not set";
    given.logger.info(facts, `Workflows run in this process, kept by DBOS in its PostgreSQL: ${because}.`);
    const { createDbosEngine } = await import("./dbos.ts");
    return createDbosEngine({ ...rest, connectionString });
  }
  const where = inngest.baseUrl ?? "Inngest Cloud";
  const because = inngest.dev ? "INNGEST_DEV is set" : "INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY are set";
  const facts = { engine: "inngest", at: where, serves: `${publicUrl}/api/inngest` };
  given.logger.info(facts, `Workflows run on Inngest (${where}): ${because}.`);
  const { createInngestEngine } = await import("./inngest.ts");
  return createInngestEngine({ ...rest, readMessage, publicUrl, configuration: inngest });
}

/** What `/api/inngest` answers where the engine calls nobody. */
export async function refuseEngineCalls(): Promise<Response> {
  const code: ErrorCode = "not_found";
  const message =
    "Workflows run on PostgreSQL here. Set INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY to run them on Inngest.";
  return Response.json(
    { error: { code, message } },
    { status: 404, headers: { "Cache-Control": "no-store" } },
  );
}
