import { parseInput } from "@redress/core/parse-input";
import { requireSameOrigin } from "../../../src/access/origin.ts";
import { publicRoute } from "../../../src/access/route.ts";
import { newOperator } from "../../../src/auth/create-operator.ts";
import { createFirstAdmin } from "../../../src/auth/setup.ts";
import { jsonResponse } from "../../../src/http/error-response.ts";
import { readJson } from "../../../src/http/read-json.ts";

/** Makes the first administrator of a new desk: `{ name, email, password }` → 201 `{ operatorId }`. */
export const POST = publicRoute(
  "open only while nobody has a role; createFirstAdmin holds a lock",
  async ({ request, dependencies, correlationId }) => {
    // Another site must not set up the desk of whoever visits it.
    requireSameOrigin(request.headers, dependencies.settings.publicUrl);
    const operator = parseInput(newOperator, await readJson(request));
    const created = await createFirstAdmin(dependencies, { operator, correlationId });
    return jsonResponse(created, { status: 201, correlationId });
  },
);
