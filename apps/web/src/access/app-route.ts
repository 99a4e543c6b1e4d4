import { verifyAppMessage } from "@redress/core/apps/verify-app-message";
import type { Dependencies } from "@redress/core/dependencies";
import { newId } from "@redress/core/ids";
import { parseInput } from "@redress/core/parse-input";
import { errorResponse, jsonResponse } from "../http/error-response.ts";
import { readText } from "../http/read-json.ts";
import { slugParams } from "../rest/input.ts";
import { getRuntime } from "../runtime.ts";
import { bindOrigin } from "./bind-origin.ts";
import { guarded, type Handler } from "./guarded.ts";

/**
 * A route for an app's own server: core checks that the body was signed with that app's notification
 * secret (Standard Webhooks headers over the raw body), and what it says.
 */
export function appRoute(
  handle: (context: {
    dependencies: Dependencies;
    appId: string;
    body: unknown;
    correlationId: string;
  }) => Promise<unknown>,
): Handler {
  const handler: Handler = async (request, { params }) => {
    let { dependencies } = getRuntime();
    const correlationId = newId(dependencies.random, "correlation");
    try {
      const { slug } = parseInput(slugParams, await params);
      const rawBody = await readText(request);
      const headers = Object.fromEntries(request.headers);
      const { appId, body } = await verifyAppMessage(dependencies, { slug, headers, rawBody });
      dependencies = await bindOrigin(dependencies, request.headers);
      const answer = await handle({ dependencies, appId, body, correlationId });
      return jsonResponse(answer, { status: 200, correlationId });
    } catch (error) {
      return errorResponse(error, { logger: dependencies.logger, correlationId });
    }
  };
  return guarded(handler, { kind: "app-signed" });
}
