import { publicRoute } from "../../../src/access/route.ts";
import { getRuntime } from "../../../src/runtime.ts";

/** The same endpoint that our server answers in front of Next. */
const served = publicRoute("Inngest's signature over the body is checked by its SDK", ({ request }) =>
  getRuntime().serveEngine(request),
);

export { served as GET, served as POST, served as PUT };
