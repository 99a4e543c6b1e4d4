import { apps, operators, portalLinks } from "@redress/database";
import { and, desc, eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";

/** A link for an app's developer as the desk's people see it. Its address was shown once. */
export interface PortalLinkView {
  readonly id: string;
  /** Whom it is for. */
  readonly name: string;
  readonly status: "unopened" | "opened" | "expired" | "revoked";
  /** Who made it and answers for it. */
  readonly createdBy: { readonly id: string; readonly name: string };
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly openedAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const mostLinks = 100;

/** The links of an app, ended ones too, newest first; at most 100. */
export async function listPortalLinks(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  { slug, id }: { slug: string; id?: string },
): Promise<PortalLinkView[]> {
  const rows = await database
    .select({ link: portalLinks, ownerName: operators.name })
    .from(portalLinks)
    .innerJoin(apps, eq(apps.id, portalLinks.appId))
    .innerJoin(operators, eq(operators.id, portalLinks.createdBy))
    .where(and(eq(apps.slug, slug), id === undefined ? undefined : eq(portalLinks.id, id)))
    .orderBy(desc(portalLinks.createdAt), desc(portalLinks.id))
    .limit(mostLinks);
  return rows.map(({ link, ownerName }) => ({
    id: link.id,
    name: link.name,
    status: statusOf(link, clock.now()),
    createdBy: { id: link.createdBy, name: ownerName },
    createdAt: link.createdAt,
    expiresAt: link.expiresAt,
    openedAt: link.openedAt,
    lastUsedAt: link.lastUsedAt,
    revokedAt: link.revokedAt,
  }));
}

/** @throws RedressError `portal_link_not_found` */
export async function getPortalLink(
  dependencies: Pick<Dependencies, "database" | "clock">,
  { slug, linkId }: { slug: string; linkId: string },
): Promise<PortalLinkView> {
  const [link] = await listPortalLinks(dependencies, { slug, id: linkId });
  if (link) return link;
  throw new RedressError(
    "portal_link_not_found",
    "This app has no link with this id. Look it up in the list of its links.",
    { details: { linkId } },
  );
}

function statusOf(
  { revokedAt, expiresAt, openedAt }: typeof portalLinks.$inferSelect,
  now: Date,
): PortalLinkView["status"] {
  if (revokedAt !== null) return "revoked";
  if (expiresAt <= now) return "expired";
  return openedAt === null ? "unopened" : "opened";
}
