import type { Dependencies } from "@redress/core/dependencies";
import { RedressError } from "@redress/core/errors";

/** What the browser of an app's developer keeps; sent to the portal's own pages and nowhere else. */
export const portalCookie = "redress_portal";
/** The page of a link that opens nothing. */
export const portalEnded = "/portal/ended";

/** Has a browser keep an opened link until it ends: what `Set-Cookie` says. */
export function portalCookieLine(
  { settings }: Pick<Dependencies, "settings">,
  { session, expiresAt }: { session: string; expiresAt: Date },
): string {
  const secure = settings.publicUrl.startsWith("https:") ? ["Secure"] : [];
  const expires = `Expires=${expiresAt.toUTCString()}`;
  return [
    ...[`${portalCookie}=${session}`, "Path=/portal", expires, "HttpOnly", "SameSite=Lax"],
    ...secure,
  ].join("; ");
}

/**
 * Refuses a form that another site's page sent, as far as the browser says so. The page that opens a link names itself to
 * nobody (`Origin: null`), and over plain http browsers say nothing more: then the token alone lets in.
 *
 * @throws RedressError permission_denied
 */
export function requireOwnForm(headers: Headers, publicUrl: string): void {
  const origin = headers.get("origin") ?? "null";
  const site = headers.get("sec-fetch-site") ?? "same-origin";
  if (site === "same-origin" && (origin === "null" || origin === publicUrl)) return;
  throw new RedressError("permission_denied", "Another site's page sent this. Open the link itself.");
}
