import { maximumBodyBytes } from "@redress/core/webhooks/ingest";
import { publicRoute } from "../../../../src/access/route.ts";
import { jsonResponse } from "../../../../src/http/error-response.ts";
import { readLimited } from "../../../../src/http/read-json.ts";
import { getRuntime } from "../../../../src/runtime.ts";

/** The same ingestion that our server answers in front of Next. */
export const POST = publicRoute(
  "Stripe's signature over the raw body is checked by core",
  async ({ request, correlationId }) => {
    const { bytes, size } = await readLimited(request, maximumBodyBytes);
    const signature = request.headers.get("stripe-signature") ?? undefined;
    const answer = await getRuntime().ingest({ rawBody: bytes, contentLength: size, signature });
    return jsonResponse(answer.body, { status: answer.status, correlationId });
  },
);
