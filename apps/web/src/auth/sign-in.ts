import { parseSetCookieHeader, toCookieOptions } from "better-auth/cookies";
import { cookies, headers } from "next/headers";
import { clientAddressHeader } from "../http/client-address.ts";
import { getRuntime } from "../runtime.ts";
import { getAuth } from "./auth.ts";

/**
 * Calls better-auth's own endpoint from a server action, as a browser would, so that its rate limit and
 * origin check hold for forms too; the cookies of its answer become the action's.
 */
async function callAuth(path: string, body: object): Promise<Response> {
  const runtime = getRuntime();
  const { publicUrl } = runtime.dependencies.settings;
  const incoming = await headers();
  const outgoing = new Headers({ "content-type": "application/json", origin: publicUrl });
  for (const name of ["cookie", "user-agent", clientAddressHeader]) {
    const value = incoming.get(name);
    if (value) outgoing.set(name, value);
  }
  const request = new Request(`${publicUrl}/api/auth${path}`, {
    method: "POST",
    headers: outgoing,
    body: JSON.stringify(body),
  });
  const response = await getAuth(runtime).handler(request);
  const jar = await cookies();
  for (const line of response.headers.getSetCookie()) {
    for (const [name, attributes] of parseSetCookieHeader(line)) {
      jar.set(name, attributes.value, toCookieOptions(attributes));
    }
  }
  return response;
}

/** Signs in with a password. "limited" after too many attempts from one address. */
export async function signIn(credentials: {
  email: string;
  password: string;
}): Promise<"signed_in" | "wrong" | "limited"> {
  const { status } = await callAuth("/sign-in/email", credentials);
  if (status === 200) return "signed_in";
  return status === 429 ? "limited" : "wrong";
}

/** Ends the session at the server and takes its cookies away. */
export async function signOut(): Promise<void> {
  await callAuth("/sign-out", {});
}
