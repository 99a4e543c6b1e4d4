import { publicRoute } from "../../../../src/access/route.ts";
import { jsonResponse } from "../../../../src/http/error-response.ts";
import { answerWebhookRequest } from "../../../../src/http/webhook-endpoint.ts";
import { getRuntime } from "../../../../src/runtime.ts";

/** The same ingestion that our server answers in front of Next. */
export const POST = publicRoute(
  "Stripe's signature over the raw body is checked by core",
  async ({ request, correlationId }) =>
    answerWebhookRequest(getRuntime(), request, ({ body, status }, headers) => {
      const response = jsonResponse(body, { status, correlationId });
      for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
      return response;
    }),
);
