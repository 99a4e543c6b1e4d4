import { parseSetCookieHeader, toCookieOptions } from "better-auth/cookies";
import { cookies, headers } from "next/headers";
import { z } from "zod";
import { clientAddressHeader } from "../http/client-address.ts";
import { getRuntime } from "../runtime.ts";
import { answerAuth } from "./answer-auth.ts";

/**
 * Calls better-auth's own endpoint from a server action, as a browser would, so that its rate limit and
 * origin check hold for forms too; the cookies of its answer become the action's.
 */
export async function callAuth(path: string, body: object): Promise<Response> {
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
  const response = await answerAuth(runtime, path, request);
  const jar = await cookies();
  for (const line of response.headers.getSetCookie()) {
    for (const [name, attributes] of parseSetCookieHeader(line)) {
      jar.set(name, attributes.value, toCookieOptions(attributes));
    }
  }
  return response;
}

const passwordAnswer = z.object({ twoFactorRedirect: z.literal(true) });

/** Signs in with a password. "code": the second factor is asked for. "limited" after too many attempts. */
export async function signIn(credentials: {
  email: string;
  password: string;
}): Promise<"signed_in" | "code" | "wrong" | "limited"> {
  const response = await callAuth("/sign-in/email", credentials);
  if (response.status === 429) return "limited";
  if (response.status !== 200) return "wrong";
  return passwordAnswer.safeParse(await response.json()).success ? "code" : "signed_in";
}

/** The second step, within ten minutes of the first: a code of the app, or a backup code, which works once. */
export async function signInWithCode(code: string): Promise<"signed_in" | "wrong" | "limited"> {
  const isOfApp = /^\d{6}$/.test(code);
  const { status } = await callAuth(isOfApp ? "/two-factor/verify-totp" : "/two-factor/verify-backup-code", {
    code,
  });
  if (status === 200) return "signed_in";
  return status === 429 ? "limited" : "wrong";
}

/** Ends the session at the server and takes its cookies away. */
export async function signOut(): Promise<void> {
  await callAuth("/sign-out", {});
}
