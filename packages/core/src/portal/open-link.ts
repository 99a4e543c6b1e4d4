import { portalLinks } from "@redress/database";
import { eq } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newPortalSecret } from "./create-link.ts";
import { findPortalLink } from "./find-link.ts";
import { portalActor } from "./visit-portal.ts";

/**
 * Opens a link in one browser, once: from then on the token in its address is worth nothing, and the browser keeps
 * another secret.
 *
 * @returns `session` for the browser alone, good until `expiresAt`
 * @throws RedressError `portal_link_ended`
 */
export async function openPortalLink(
  dependencies: Dependencies,
  { token, correlationId }: { token: string; correlationId: string },
): Promise<{ session: string; expiresAt: Date }> {
  const { database, clock, secrets } = dependencies;
  const session = newPortalSecret(dependencies);
  return database.transaction(async (transaction) => {
    const { link } = await findPortalLink(dependencies, transaction, { token }, true);
    const now = clock.now();
    await transaction
      .update(portalLinks)
      .set({ openedAt: now, lastUsedAt: now, sessionFingerprint: secrets.fingerprints(session)[0] })
      .where(eq(portalLinks.id, link.id));
    await recordAudit(dependencies, transaction, {
      actor: portalActor(link),
      action: "portal_link_opened",
      correlationId,
      appId: link.appId,
      details: { ownerId: link.createdBy },
    });
    return { session, expiresAt: link.expiresAt };
  });
}
