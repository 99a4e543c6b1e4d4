import type { Dependencies } from "@redress/core/dependencies";
import { isRedressError } from "@redress/core/errors";
import { newId } from "@redress/core/ids";
import { type PortalVisit, visitPortal } from "@redress/core/portal/visit-portal";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { getRuntime } from "../runtime.ts";
import { bindOrigin } from "./bind-origin.ts";
import { portalCookie, portalEnded } from "./portal-cookie.ts";

/** Whose link this browser has opened, or null where it has none, or one that has ended. */
export async function readVisit(dependencies: Dependencies): Promise<PortalVisit | null> {
  const session = (await cookies()).get(portalCookie)?.value;
  if (session === undefined) return null;
  try {
    return await visitPortal(dependencies, { session });
  } catch (error) {
    if (isRedressError(error) && error.code === "portal_link_ended") return null;
    throw error;
  }
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
