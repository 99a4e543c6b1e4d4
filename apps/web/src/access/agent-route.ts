import type { AgentGrants } from "@redress/core/actor";
import type { Dependencies } from "@redress/core/dependencies";
import { RedressError } from "@redress/core/errors";
import { newId } from "@redress/core/ids";
import { errorResponse } from "../http/error-response.ts";
import { getRuntime } from "../runtime.ts";
import { readAgent } from "./agent.ts";
import { bindOrigin } from "./bind-origin.ts";
import { guarded, type Handler } from "./guarded.ts";

/**
 * A route for agents alone: without a key there is no answer. It serves tools, each of which names its own
 * permission and owner, which core judges at each call.
 */
export function agentRoute(
  handle: (context: {
    request: Request;
    dependencies: Dependencies;
    agent: AgentGrants;
    correlationId: string;
  }) => Promise<Response>,
): Handler {
  const handler: Handler = async (request) => {
    let { dependencies } = getRuntime();
    const correlationId = newId(dependencies.random, "correlation");
    try {
      requireNoForeignPage(request.headers, dependencies.settings.publicUrl);
      dependencies = await bindOrigin(dependencies, request.headers);
      const agent = await readAgent({ request, dependencies, correlationId });
      if (agent === null) {
        throw new RedressError(
          "key_invalid",
          "Send a key of this desk as: Authorization: Bearer redress_agent_….",
        );
      }
      return await handle({ request, dependencies, agent, correlationId });
    } catch (error) {
      return errorResponse(error, { logger: dependencies.logger, correlationId });
    }
  };
  return guarded(handler, { kind: "agent" });
}

/** Programs send no Origin; a page of another site, which may have been led here by its DNS, does. */
function requireNoForeignPage(headers: Headers, publicUrl: string): void {
  const origin = headers.get("origin");
  if (origin === null || origin === publicUrl) return;
  throw new RedressError(
    "permission_denied",
    "Another site's page may not use this. Call it from a program.",
  );
}
