import { RedressError } from "@redress/core/errors";

/**
 * Refuses a change that another site's page may have caused with the operator's cookie (CSRF).
 * Browsers send `Origin` with every POST, PATCH and DELETE, and `Sec-Fetch-Site` since 2023, so a
 * request with neither is refused too: a program names this desk's origin in `Origin`.
 *
 * @throws RedressError permission_denied
 */
export function requireSameOrigin(headers: Headers, publicUrl: string): void {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (origin === null ? site === "same-origin" : origin === publicUrl) return;
  throw new RedressError(
    "permission_denied",
    `This change was not sent from ${publicUrl}. Open the desk there; a program sends the header "Origin: ${publicUrl}".`,
  );
}
