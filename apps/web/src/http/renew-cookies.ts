import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { cookiePrefix } from "../auth/cookie-prefix.ts";
import { isSameText } from "./same-text.ts";

interface Secrets {
  readonly secret: string;
  readonly previousSecrets: readonly string[];
}

/**
 * Signs with the present secret what of a request's cookies a previous one signed, for the request and for the
 * browser: better-auth knows one secret for cookies, and nobody is to be signed out by a new one.
 */
export function renewCookies(
  request: IncomingMessage,
  response: ServerResponse,
  { secure, ...secrets }: Secrets & { secure: boolean },
): void {
  const { cookie } = request.headers;
  if (secrets.previousSecrets.length === 0 || cookie === undefined) return;
  const pairs = cookie.split(";").map((text) => {
    const pair = text.trim();
    const [, name = "", value = ""] = /^([^=]*)=(.*)$/.exec(pair) ?? [];
    const renewed = isOurs(name) ? signedAnew(value, secrets) : null;
    if (renewed === null) return pair;
    // Whatever the cookie says, a session ends with its row in the database.
    const kept = `${name}=${renewed}; Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
    response.appendHeader("Set-Cookie", `${kept}; Max-Age=${longestSeconds}`);
    return `${name}=${renewed}`;
  });
  request.headers.cookie = pairs.join("; ");
}

/** As long as a session lasts at most. */
const longestSeconds = 12 * 60 * 60;

const isOurs = (name: string) =>
  name.startsWith(`${cookiePrefix}.`) || name.startsWith(`__Secure-${cookiePrefix}.`);

/** The cookie's value under the present secret; null when the present one signed it, or none did. */
function signedAnew(encoded: string, { secret, previousSecrets }: Secrets): string | null {
  const value = decoded(encoded);
  const dot = value.lastIndexOf(".");
  if (dot < 1) return null;
  const [text, signature] = [value.slice(0, dot), value.slice(dot + 1)];
  const isBy = (one: string) => isSameText(signatureOf(text, one), signature);
  if (isBy(secret) || !previousSecrets.some(isBy)) return null;
  return encodeURIComponent(`${text}.${signatureOf(text, secret)}`);
}

/** As better-auth signs cookies: HMAC-SHA-256 in base64. */
function signatureOf(text: string, secret: string): string {
  return createHmac("sha256", secret).update(text).digest("base64");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
