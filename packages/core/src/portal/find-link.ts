import { apps, portalLinks, type Queryable } from "@redress/database";
import { and, eq, gt, inArray, isNull } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { readDeciderGrants } from "../operators/decider-grants.ts";
import { permittedApps } from "../operators/permissions.ts";

/** A link that works, and the app that it is for. */
export interface WorkingLink {
  readonly link: typeof portalLinks.$inferSelect;
  readonly app: { readonly id: string; readonly slug: string; readonly name: string };
}

/**
 * The link that a token opens, or that a browser has opened.
 *
 * @param by.token works until it was used once; `session` from then on
 * @param lock true: nobody else opens it before this transaction does
 * @throws RedressError `portal_link_ended` for one that was opened elsewhere, revoked, expired or never made, and where
 *   its maker may not manage the app any more
 */
export async function findPortalLink(
  { clock, secrets }: Pick<Dependencies, "clock" | "secrets">,
  database: Queryable,
  by: { token: string } | { session: string },
  lock = false,
): Promise<WorkingLink> {
  const isSecret =
    "token" in by
      ? and(
          inArray(portalLinks.tokenFingerprint, [...secrets.fingerprints(by.token)]),
          isNull(portalLinks.openedAt),
        )
      : inArray(portalLinks.sessionFingerprint, [...secrets.fingerprints(by.session)]);
  const query = database
    .select({ link: portalLinks, app: { id: apps.id, slug: apps.slug, name: apps.name } })
    .from(portalLinks)
    .innerJoin(apps, eq(apps.id, portalLinks.appId))
    .where(and(isSecret, isNull(portalLinks.revokedAt), gt(portalLinks.expiresAt, clock.now())));
  const [found] = await (lock ? query.for("update", { of: portalLinks }) : query);
  if (found && (await mayManage(database, found.link))) return found;
  throw new RedressError(
    "portal_link_ended",
    "This link was opened in another browser, revoked, or is too old. Ask the person who gave it to you for another.",
  );
}

/** A link never reaches further than its maker does now: the second factor that the desk requires is asked of them too. */
async function mayManage(
  database: Queryable,
  { createdBy, appId }: Pick<WorkingLink["link"], "createdBy" | "appId">,
): Promise<boolean> {
  const managed = permittedApps(await readDeciderGrants({ database }, createdBy), "apps.manage");
  return managed === "all" || managed.includes(appId);
}
