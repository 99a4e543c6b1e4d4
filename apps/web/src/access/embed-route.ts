import type { Dependencies } from "@redress/core/dependencies";
import { type EmbedVisit, findEmbedKey, visitEmbed } from "@redress/core/embed/visit-embed";
import { newId } from "@redress/core/ids";
import { embedPage, refusalBody } from "../embed/document.ts";
import type { Markup } from "../embed/html.ts";
import { describeError } from "../http/error-response.ts";
import { readText } from "../http/read-json.ts";
import { getRuntime } from "../runtime.ts";
import { bindOrigin } from "./bind-origin.ts";
import { guarded, type Handler } from "./guarded.ts";

/**
 * A page for a helpdesk's frame. What lets somebody in is a token that the helpdesk signed, in the address or better in the
 * body: there is no cookie that another site could use, and no page but the helpdesk's may frame the answer, whatever it is.
 *
 * @param handle gets the other fields that were sent, and answers the page
 */
export function embedRoute(
  handle: (context: {
    dependencies: Dependencies;
    visit: EmbedVisit;
    token: string;
    fields: Record<string, string>;
    correlationId: string;
  }) => Promise<Markup>,
): Handler {
  const handler: Handler = async (request) => {
    const { dependencies } = getRuntime();
    const { settings, logger } = dependencies;
    const correlationId = newId(dependencies.random, "correlation");
    let origins: readonly string[] = [];
    try {
      const { token = "", email, ...fields } = await fieldsOf(request);
      const key = await findEmbedKey(dependencies, token);
      origins = key?.origins ?? [];
      const bound = await bindOrigin(dependencies, request.headers);
      const visit = await visitEmbed(bound, { token, key, email });
      const body = await handle({ dependencies: bound, visit, token, fields, correlationId });
      return embedPage(body, { status: 200, origins, settings });
    } catch (error) {
      const { status, body } = describeError(error, { logger, correlationId });
      return embedPage(refusalBody(body.message), { status, origins, settings });
    }
  };
  return guarded(handler, { kind: "embed" });
}

async function fieldsOf(request: Request): Promise<Record<string, string>> {
  const sent =
    request.method === "POST"
      ? new URLSearchParams(await readText(request))
      : new URL(request.url).searchParams;
  return Object.fromEntries(sent);
}
