import type { ConnectScope } from "../accounts/connection.ts";
import type { FormHash } from "../http/form-decoding.ts";
import { OAuthError } from "./oauth-error.ts";

/** A checked `/oauth/authorize` request. */
export interface AuthorizationRequest {
  redirectUri: string;
  scope: ConnectScope;
  state: string | undefined;
  /** `stripe_user[…]`: prefills the account to be created. */
  prefill: Readonly<Record<string, string>>;
}

/** The value of a parameter that must be plain text. */
export function textOf(form: FormHash, name: string): string | undefined {
  const value = form[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isLoopback(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  const isLocal = hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
  return isLocal && (protocol === "http:" || protocol === "https:");
}

function readRedirectUri(form: FormHash, registered: readonly string[]): string {
  const asked = textOf(form, "redirect_uri");
  if (asked === undefined) {
    const [first] = registered;
    if (first !== undefined) return first;
    throw new OAuthError("invalid_request", "No redirect URI is registered; add one or send redirect_uri.");
  }
  const isAllowed = registered.length === 0 ? isLoopback(asked) : registered.includes(asked);
  if (isAllowed) return asked;
  throw new OAuthError(
    "invalid_redirect_uri",
    `Invalid redirect URI '${asked}'. Ensure this URI exactly matches one of the redirect URIs specified in your application settings.`,
  );
}

function readPrefill(form: FormHash): Record<string, string> {
  const given = form.stripe_user;
  if (typeof given !== "object" || Array.isArray(given)) return {};
  const entries = Object.entries(given).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value.slice(0, 200)] as const] : [],
  );
  return Object.fromEntries(entries);
}

/**
 * Checks an authorize request (and again its decision). Source: contract section 1.2 and 1.3.
 * @throws OAuthError answered in place, never redirected
 */
export function readAuthorizationRequest(
  form: FormHash,
  platform: { clientId: string; redirectUris: readonly string[] },
): AuthorizationRequest {
  const clientId = textOf(form, "client_id");
  if (clientId === undefined) throw new OAuthError("invalid_request", "No client_id specified");
  if (clientId !== platform.clientId) {
    throw new OAuthError(
      "invalid_request",
      `No application matches the supplied client identifier: ${clientId}`,
    );
  }
  const responseType = textOf(form, "response_type");
  if (responseType === undefined) throw new OAuthError("invalid_request", "No response_type specified");
  if (responseType !== "code") {
    throw new OAuthError("unsupported_response_type", `Unsupported response type: ${responseType}`);
  }
  const scope = textOf(form, "scope") ?? "read_only";
  if (scope !== "read_only" && scope !== "read_write") {
    throw new OAuthError("invalid_scope", `Invalid scope provided: ${scope}.`);
  }
  const redirectUri = readRedirectUri(form, platform.redirectUris);
  return { redirectUri, scope, state: textOf(form, "state"), prefill: readPrefill(form) };
}

/** The redirect back, with the answer added to the query of the redirect URI. */
export function redirectLocation(redirectUri: string, answer: Record<string, string | undefined>): string {
  const added = Object.entries(answer)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join("&");
  const [base = "", fragment] = redirectUri.split("#", 2);
  const joined = `${base}${base.includes("?") ? "&" : "?"}${added}`;
  return fragment === undefined ? joined : `${joined}#${fragment}`;
}
