import { requireSameOrigin } from "../../../../src/access/origin.ts";
import { publicRoute } from "../../../../src/access/route.ts";
import { getAuth } from "../../../../src/auth/auth.ts";
import { readText } from "../../../../src/http/read-json.ts";

/**
 * What programs and people use of better-auth. The rest stays shut: it lists session tokens, and lets an
 * operator take the name that colleagues know another one by.
 */
const open = new Set(["/api/auth/sign-in/email", "/api/auth/sign-out", "/api/auth/change-password"]);

export const POST = publicRoute(
  "only these three; better-auth limits the attempts",
  async ({ request, dependencies }) => {
    const { url, method, headers } = request;
    if (!open.has(new URL(url).pathname)) return new Response(null, { status: 404 });
    // better-auth checks it only for requests with a cookie, and not at all where TEST is set.
    requireSameOrigin(headers, dependencies.settings.publicUrl);
    // better-auth itself would read a body of any length.
    return getAuth().handler(new Request(url, { method, headers, body: await readText(request) }));
  },
);
