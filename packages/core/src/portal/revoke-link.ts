import { apps, portalLinks } from "@redress/database";
import { and, eq, getTableColumns, isNull } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { getPortalLink, type PortalLinkView } from "./link-view.ts";

/**
 * Ends a link at once, opened or not. Revoking twice is no error. Whether the operator may is judged by the caller.
 *
 * @throws RedressError `portal_link_not_found` when it is no link of this app
 */
export async function revokePortalLink(
  dependencies: Dependencies,
  input: { slug: string; linkId: string; operatorId: string; correlationId: string },
): Promise<PortalLinkView> {
  const { slug, linkId, operatorId, correlationId } = input;
  await dependencies.database.transaction(async (transaction) => {
    const [link] = await transaction
      .select(getTableColumns(portalLinks))
      .from(portalLinks)
      .innerJoin(apps, eq(apps.id, portalLinks.appId))
      .where(and(eq(portalLinks.id, linkId), eq(apps.slug, slug), isNull(portalLinks.revokedAt)))
      .for("update", { of: portalLinks });
    if (link === undefined) return;
    await transaction
      .update(portalLinks)
      .set({ revokedAt: dependencies.clock.now(), revokedBy: operatorId })
      .where(eq(portalLinks.id, linkId));
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "portal_link_revoked",
      correlationId,
      appId: link.appId,
      details: { linkId },
    });
  });
  return getPortalLink(dependencies, { slug, linkId });
}
