import { parseInput } from "@redress/core/parse-input";
import { z } from "zod";
import { requireSameOrigin } from "../../../../src/access/origin.ts";
import { publicRoute } from "../../../../src/access/route.ts";
import { answerAuth } from "../../../../src/auth/answer-auth.ts";
import { parseJson, readText } from "../../../../src/http/read-json.ts";
import { getRuntime } from "../../../../src/runtime.ts";

/**
 * What programs and people use of better-auth. The rest stays shut: it lists session tokens, and lets an
 * operator take the name that colleagues know another one by.
 */
const open = new Set(["/sign-in/email", "/two-factor/verify-totp", "/sign-out", "/change-password"]);

const codeBody = z.object({ code: z.string() });

/** Of a code nothing goes on but the code: better-auth would also remember the device, and ask it for no other. */
function bodyFor(path: string, body: string): string {
  return path === "/two-factor/verify-totp" ? JSON.stringify(parseInput(codeBody, parseJson(body))) : body;
}

export const POST = publicRoute(
  "only these four; the attempts are limited",
  async ({ request, dependencies }) => {
    const { url, method, headers } = request;
    const path = new URL(url).pathname.slice("/api/auth".length);
    if (!open.has(path)) return new Response(null, { status: 404 });
    // better-auth checks it only for requests with a cookie, and not at all where TEST is set.
    requireSameOrigin(headers, dependencies.settings.publicUrl);
    // better-auth itself would read a body of any length.
    const body = await readText(request);
    return answerAuth(getRuntime(), path, new Request(url, { method, headers, body: bodyFor(path, body) }));
  },
);
