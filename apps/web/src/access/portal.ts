import type { Dependencies } from "@redress/core/dependencies";
import { isRedressError, RedressError } from "@redress/core/errors";
import { newId } from "@redress/core/ids";
import { type PortalVisit, visitPortal } from "@redress/core/portal/visit-portal";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { getRuntime } from "../runtime.ts";
import { bindOrigin } from "./bind-origin.ts";

/** What the browser of an app's developer keeps; sent to the portal's own pages and nowhere else. */
const cookieName = "redress_portal";
/** The page of a link that opens nothing. */
export const portalEnded = "/portal/ended";

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

/** Whose link this browser has opened, or null where it has none, or one that has ended. */
export async function readVisit(dependencies: Dependencies): Promise<PortalVisit | null> {
  const session = (await cookies()).get(cookieName)?.value;
  if (session === undefined) return null;
  try {
    return await visitPortal(dependencies, { session });
  } catch (error) {
    if (isRedressError(error) && error.code === "portal_link_ended") return null;
    throw error;
  }
}

/** Has this browser keep an opened link until it ends. */
export async function keepVisit(
  { settings }: Pick<Dependencies, "settings">,
  { session, expiresAt }: { session: string; expiresAt: Date },
): Promise<void> {
  (await cookies()).set(cookieName, session, {
    path: "/portal",
    httpOnly: true,
    sameSite: "strict",
    secure: settings.publicUrl.startsWith("https:"),
    expires: expiresAt,
  });
}

/** Who looks at this page of the portal, counted once a request. */
const currentVisit = cache(() => readVisit(getRuntime().dependencies));

/** Opens a page for an app's developer; anybody else is told that the link has ended. */
export async function openPortalPage(): Promise<{
  dependencies: Dependencies;
  visit: PortalVisit;
  correlationId: string;
}> {
  const visit = await unhurried(currentVisit());
  if (visit === null) redirect(portalEnded);
  const { dependencies } = getRuntime();
  const bound = await bindOrigin(dependencies, await headers());
  return { dependencies: bound, visit, correlationId: newId(dependencies.random, "correlation") };
}

/** Who asks for too many pages is told so on a page, and not that something broke. */
async function unhurried<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (isRedressError(error) && error.code === "rate_limited") redirect(`${portalEnded}?fast=1`);
    throw error;
  }
}
