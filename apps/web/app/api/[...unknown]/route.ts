import { publicRoute } from "../../../src/access/route.ts";
import { jsonResponse } from "../../../src/http/error-response.ts";

const unknown = publicRoute("there is nothing behind it", async ({ correlationId }) => {
  const error = { code: "not_found", message: "There is no such address in this API. Check its spelling." };
  return jsonResponse({ error }, { status: 404, correlationId });
});

export { unknown as DELETE, unknown as GET, unknown as PATCH, unknown as POST, unknown as PUT };
