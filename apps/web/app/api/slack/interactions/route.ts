import { answerInteraction } from "@redress/core/slack/answer-interaction";
import { publicRoute } from "../../../../src/access/route.ts";
import { readText } from "../../../../src/http/read-json.ts";

/** A click carries the whole message, each of its characters written as up to nine. */
const maximumBytes = 256 * 1024;

/** Clicks and forms from Slack. What follows the answer goes on by itself: Slack waits three seconds, and no longer. */
export const POST = publicRoute(
  "Slack's signature over the raw body is checked by core, and the operator behind the user has to have the permission",
  async ({ request, dependencies }) => {
    const { body } = await answerInteraction(dependencies, {
      rawBody: await readText(request, maximumBytes),
      signature: request.headers.get("x-slack-signature"),
      timestamp: request.headers.get("x-slack-request-timestamp"),
    });
    return body ?? new Response(null, { status: 200, headers: { "Cache-Control": "no-store" } });
  },
);
