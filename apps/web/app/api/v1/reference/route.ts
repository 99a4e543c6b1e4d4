import { createHash } from "node:crypto";
import { publicRoute } from "../../../../src/access/route.ts";
import document from "../../../../src/openapi/openapi.json" with { type: "json" };
import { referencePage, referenceStyle } from "../../../../src/openapi/reference-page.ts";

const page = referencePage(document);
const styleHash = createHash("sha256").update(referenceStyle).digest("base64");

/** The interface's description for people: one page without scripts, from this desk alone. */
export const GET = publicRoute(
  "says what is in the source",
  async ({ correlationId }) =>
    new Response(page, {
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
        "X-Correlation-Id": correlationId,
      },
    }),
);
