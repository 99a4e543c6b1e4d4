import { publicRoute } from "../../../../src/access/route.ts";
import document from "../../../../src/openapi/openapi.json" with { type: "json" };

/** The interface's description. `npm run openapi` makes it from the routes; a test compares. */
export const GET = publicRoute(
  "says what is in the source, and nothing of this desk but its address",
  async ({ dependencies }) => ({ ...document, servers: [{ url: dependencies.settings.publicUrl }] }),
);
