import { publicRoute } from "../../src/access/route.ts";
import { jsonResponse } from "../../src/http/error-response.ts";
import { isSameText } from "../../src/http/same-text.ts";
import { writeMetrics } from "../../src/metrics/write-metrics.ts";
import { getRuntime } from "../../src/runtime.ts";

/** For Prometheus: the state of the desk in numbers. Not there unless `REDRESS_METRICS_TOKEN` is set. */
export const GET = publicRoute(
  "answers only with the token of REDRESS_METRICS_TOKEN, and with numbers that name nobody",
  async ({ request, dependencies, correlationId }) => {
    const { measured, metricsToken } = getRuntime();
    if (
      metricsToken === null ||
      !isSameText(request.headers.get("authorization") ?? "", `Bearer ${metricsToken}`)
    ) {
      const message = "There is nothing here without the token of REDRESS_METRICS_TOKEN. Send it as Bearer.";
      return jsonResponse({ error: { code: "not_found", message } }, { status: 404, correlationId });
    }
    const { body, contentType } = await writeMetrics(dependencies, measured());
    return new Response(body, { headers: { "Content-Type": contentType, "Cache-Control": "no-store" } });
  },
);
